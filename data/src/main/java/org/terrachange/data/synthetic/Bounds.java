package org.terrachange.data.synthetic;

/// An axis-parallel rectangle on the ground, in metres east and south of the scene's upper left corner.
record Bounds(double west, double north, double east, double south) {

    static Bounds of(double[] xs, double[] ys) {
        double west = xs[0];
        double east = xs[0];
        double north = ys[0];
        double south = ys[0];
        for (int i = 1; i < xs.length; i++) {
            west = Math.min(west, xs[i]);
            east = Math.max(east, xs[i]);
            north = Math.min(north, ys[i]);
            south = Math.max(south, ys[i]);
        }
        return new Bounds(west, north, east, south);
    }

    Bounds grown(double metres) {
        return new Bounds(west - metres, north - metres, east + metres, south + metres);
    }

    boolean intersects(Bounds other) {
        return west < other.east && other.west < east && north < other.south && other.north < south;
    }

    /// Whether a position lies inside or at most so many metres outside.
    boolean holds(double x, double y, double metres) {
        return x > west - metres && x < east + metres && y > north - metres && y < south + metres;
    }
}
