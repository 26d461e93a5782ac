package org.terrachange.data.synthetic;

import java.util.List;

/// A simple polygon on the ground without its repeated last point, in metres.
final class Ring {
    private final double[] xs;
    private final double[] ys;
    private final Bounds bounds;

    Ring(double[] xs, double[] ys) {
        if (xs.length < 3 || xs.length != ys.length) {
            throw new IllegalArgumentException("a polygon needs three points, got " + xs.length);
        }
        this.xs = xs;
        this.ys = ys;
        bounds = Bounds.of(xs, ys);
    }

    static Ring of(Point... points) {
        double[] xs = new double[points.length];
        double[] ys = new double[points.length];
        for (int i = 0; i < points.length; i++) {
            xs[i] = points[i].x();
            ys[i] = points[i].y();
        }
        return new Ring(xs, ys);
    }

    static Ring of(List<Point> points) {
        return of(points.toArray(Point[]::new));
    }

    /// A rounded shape as ponds and lawns have: an ellipse whose radius swells and shrinks along its rim.
    static Ring blob(Dice dice, Point centre, double longRadius, double shortRadius, double bearing, double wobble) {
        double[] phase = {dice.between(0, 6.283), dice.between(0, 6.283), dice.between(0, 6.283)};
        Point axis = Point.towards(bearing);
        Point[] points = new Point[48];
        for (int i = 0; i < points.length; i++) {
            double angle = 2 * Math.PI * i / points.length;
            double swell = 1
                    + wobble
                            * (0.55 * StrictMath.sin(2 * angle + phase[0])
                                    + 0.3 * StrictMath.sin(3 * angle + phase[1])
                                    + 0.2 * StrictMath.sin(5 * angle + phase[2]));
            points[i] = centre.plus(axis.times(longRadius * swell * StrictMath.cos(angle)))
                    .plus(axis.turned().times(shortRadius * swell * StrictMath.sin(angle)));
        }
        return of(points);
    }

    /// A rectangle with a ragged rim, as plots have where diggers worked.
    static Ring ragged(Dice dice, Box box) {
        Point[] points = new Point[32];
        for (int i = 0; i < points.length; i++) {
            double t = (i % 8) / 4.0 - 1;
            double in = 1 - Math.abs(dice.bell()) * Math.min(0.09, 2 / box.halfWidth());
            Point p = switch (i / 8) {
                case 0 -> new Point(t, -1);
                case 1 -> new Point(1, t);
                case 2 -> new Point(-t, 1);
                default -> new Point(-1, -t);
            };
            points[i] = box.at(p.x() * in * box.halfLength(), p.y() * in * box.halfWidth());
        }
        return of(points);
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

    boolean contains(double x, double y) {
        if (!bounds.holds(x, y, 0)) {
            return false;
        }
        boolean inside = false;
        for (int i = 0, j = xs.length - 1; i < xs.length; j = i++) {
            if (ys[i] > y != ys[j] > y && x < (xs[j] - xs[i]) * (y - ys[i]) / (ys[j] - ys[i]) + xs[i]) {
                inside = !inside;
            }
        }
        return inside;
    }

    Point centre() {
        double x = 0;
        double y = 0;
        for (int i = 0; i < xs.length; i++) {
            x += xs[i];
            y += ys[i];
        }
        return new Point(x / xs.length, y / xs.length);
    }
}
