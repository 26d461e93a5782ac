package org.terrachange.data.synthetic;

import java.util.ArrayList;
import java.util.List;

/// A line of at least two points on the ground, in metres, with its arc length.
final class Polyline {
    private final double[] xs;
    private final double[] ys;
    private final double[] along;
    private final Bounds bounds;

    Polyline(double[] xs, double[] ys) {
        if (xs.length < 2 || xs.length != ys.length) {
            throw new IllegalArgumentException("a line needs two points, got " + xs.length);
        }
        this.xs = xs;
        this.ys = ys;
        along = new double[xs.length];
        for (int i = 1; i < xs.length; i++) {
            along[i] = along[i - 1] + length(xs[i] - xs[i - 1], ys[i] - ys[i - 1]);
        }
        bounds = Bounds.of(xs, ys);
    }

    static Polyline of(Point... points) {
        double[] xs = new double[points.length];
        double[] ys = new double[points.length];
        for (int i = 0; i < points.length; i++) {
            xs[i] = points[i].x();
            ys[i] = points[i].y();
        }
        return new Polyline(xs, ys);
    }

    static Polyline of(List<Point> points) {
        return of(points.toArray(Point[]::new));
    }

    /// `Math.hypot` may round differently from one machine to the next.
    static double length(double dx, double dy) {
        return Math.sqrt(dx * dx + dy * dy);
    }

    int size() {
        return xs.length;
    }

    double x(int i) {
        return xs[i];
    }

    double y(int i) {
        return ys[i];
    }

    Bounds bounds() {
        return bounds;
    }

    double length() {
        return along[along.length - 1];
    }

    Point at(double distance) {
        int i = segment(distance);
        double t = fraction(i, distance);
        return new Point(xs[i] + t * (xs[i + 1] - xs[i]), ys[i] + t * (ys[i + 1] - ys[i]));
    }

    /// Unit vector along the line at a distance from its start.
    Point direction(double distance) {
        int i = segment(distance);
        return new Point(xs[i + 1] - xs[i], ys[i + 1] - ys[i]).unit();
    }

    private int segment(double distance) {
        int i = 0;
        while (i < along.length - 2 && along[i + 1] < distance) {
            i++;
        }
        return i;
    }

    private double fraction(int i, double distance) {
        double span = along[i + 1] - along[i];
        return span == 0 ? 0 : Math.clamp((distance - along[i]) / span, 0, 1);
    }

    /// The part between two distances from the start.
    Polyline part(double from, double to) {
        List<Point> points = new ArrayList<>();
        points.add(at(from));
        for (int i = 0; i < along.length; i++) {
            if (along[i] > from + 1e-6 && along[i] < to - 1e-6) {
                points.add(new Point(xs[i], ys[i]));
            }
        }
        points.add(at(to));
        return of(points);
    }

    /// The line moved sideways, to the right where positive as seen along it on a map whose y runs south.
    Polyline beside(double metres) {
        double[] movedX = new double[xs.length];
        double[] movedY = new double[xs.length];
        for (int i = 0; i < xs.length; i++) {
            int before = Math.max(0, i - 1);
            int after = Math.min(xs.length - 1, i + 1);
            Point tangent = new Point(xs[after] - xs[before], ys[after] - ys[before]).unit();
            movedX[i] = xs[i] - tangent.y() * metres;
            movedY[i] = ys[i] + tangent.x() * metres;
        }
        return new Polyline(movedX, movedY);
    }

    double distance(double x, double y) {
        double best = Double.MAX_VALUE;
        for (int i = 0; i + 1 < xs.length; i++) {
            best = Math.min(best, squaredDistance(i, x, y));
        }
        return Math.sqrt(best);
    }

    /// Whether a position is less than `metres` from the line; quick where it is far.
    boolean isNear(double x, double y, double metres) {
        if (!bounds.holds(x, y, metres)) {
            return false;
        }
        for (int i = 0; i + 1 < xs.length; i++) {
            double reach = along[i + 1] - along[i] + metres;
            if (Math.abs(x - xs[i]) < reach
                    && Math.abs(y - ys[i]) < reach
                    && squaredDistance(i, x, y) < metres * metres) {
                return true;
            }
        }
        return false;
    }

    /// Squared distance from a position to the segment from point `i` to the next.
    double squaredDistance(int i, double x, double y) {
        double dx = xs[i + 1] - xs[i];
        double dy = ys[i + 1] - ys[i];
        double px = x - xs[i];
        double py = y - ys[i];
        double square = dx * dx + dy * dy;
        double t = square == 0 ? 0 : Math.clamp((px * dx + py * dy) / square, 0, 1);
        double ex = px - t * dx;
        double ey = py - t * dy;
        return ex * ex + ey * ey;
    }
}
