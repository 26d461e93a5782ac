package org.terrachange.data.synthetic;

/// A position or a vector on the ground, in metres: x east, y south from the scene's upper left corner.
record Point(double x, double y) {

    static Point towards(double bearing) {
        return new Point(StrictMath.cos(bearing), StrictMath.sin(bearing));
    }

    Point plus(Point other) {
        return new Point(x + other.x, y + other.y);
    }

    Point minus(Point other) {
        return new Point(x - other.x, y - other.y);
    }

    Point times(double factor) {
        return new Point(x * factor, y * factor);
    }

    /// A quarter turn to the right, as seen on a map whose y runs south.
    Point turned() {
        return new Point(-y, x);
    }

    double norm() {
        return Polyline.length(x, y);
    }

    Point unit() {
        double norm = norm();
        return norm == 0 ? new Point(1, 0) : new Point(x / norm, y / norm);
    }
}
