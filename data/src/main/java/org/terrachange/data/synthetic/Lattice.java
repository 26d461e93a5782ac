package org.terrachange.data.synthetic;

import java.util.ArrayList;
import java.util.List;

/// The net of main roads: a turned, jittered lattice whose lines bend smoothly from crossing to crossing.
final class Lattice {
    private static final double JITTER = 0.13;
    private static final int STEPS = 24;

    private final long seed;
    private final double spacing;
    private final double mainRoadShare;
    private final Point along;
    private final Point origin;

    Lattice(SceneSpec spec) {
        seed = spec.seed();
        mainRoadShare = spec.style().mainRoadShare();
        Dice dice = Dice.of(seed, 1);
        spacing = dice.between(330, 420);
        along = Point.towards(dice.between(0, Math.PI / 2));
        origin = new Point(
                spec.groundWidth() / 2 + spacing * dice.between(0, 1),
                spec.groundHeight() / 2 + spacing * dice.between(0, 1));
    }

    /// The crossing of line `i` with cross line `j`.
    Point node(int i, int j) {
        Dice dice = Dice.of(seed, 2, i, j);
        double u = spacing * (i + dice.between(-JITTER, JITTER));
        double v = spacing * (j + dice.between(-JITTER, JITTER));
        return origin.plus(along.times(u)).plus(along.turned().times(v));
    }

    /// The boundary from crossing (i, j) to (i + 1, j).
    Polyline eastward(int i, int j) {
        return smooth(node(i - 1, j), node(i, j), node(i + 1, j), node(i + 2, j));
    }

    /// The boundary from crossing (i, j) to (i, j + 1).
    Polyline southward(int i, int j) {
        return smooth(node(i, j - 1), node(i, j), node(i, j + 1), node(i, j + 2));
    }

    /// Half the width of the main road along [#eastward], 0 where there is none.
    double eastwardRoad(int i, int j) {
        return road(Dice.of(seed, 3, i, j), Dice.of(seed, 4, j));
    }

    /// Half the width of the main road along [#southward], 0 where there is none.
    double southwardRoad(int i, int j) {
        return road(Dice.of(seed, 5, i, j), Dice.of(seed, 6, i));
    }

    private double road(Dice edge, Dice line) {
        double halfWidth = line.chance(0.3) ? line.between(6.5, 8) : line.between(3.6, 5);
        return edge.chance(mainRoadShare) ? halfWidth : 0;
    }

    /// Names the block between crossings (i, j) and (i + 1, j + 1).
    record Cell(int i, int j) {}

    /// The cells of the blocks that may touch a stretch of ground.
    List<Cell> blocksIn(Bounds bounds) {
        double reach = spacing * (1 + 2 * JITTER);
        double halfDiagonal =
                Polyline.length(bounds.east() - bounds.west(), bounds.south() - bounds.north()) / 2 + reach;
        Point centre = new Point((bounds.west() + bounds.east()) / 2, (bounds.north() + bounds.south()) / 2);
        Point from = centre.minus(origin);
        int i0 = (int) Math.floor((dot(from, along) - halfDiagonal) / spacing);
        int i1 = (int) Math.ceil((dot(from, along) + halfDiagonal) / spacing);
        int j0 = (int) Math.floor((dot(from, along.turned()) - halfDiagonal) / spacing);
        int j1 = (int) Math.ceil((dot(from, along.turned()) + halfDiagonal) / spacing);
        List<Cell> blocks = new ArrayList<>();
        for (int j = j0; j <= j1; j++) {
            for (int i = i0; i <= i1; i++) {
                if (ring(i, j).bounds().intersects(bounds)) {
                    blocks.add(new Cell(i, j));
                }
            }
        }
        return blocks;
    }

    /// The outline of the block between crossings (i, j) and (i + 1, j + 1).
    Ring ring(int i, int j) {
        List<Point> points = new ArrayList<>();
        append(points, eastward(i, j), false);
        append(points, southward(i + 1, j), false);
        append(points, eastward(i, j + 1), true);
        append(points, southward(i, j), true);
        return Ring.of(points);
    }

    private static void append(List<Point> points, Polyline line, boolean reversed) {
        for (int k = 0; k + 1 < line.size(); k++) {
            int at = reversed ? line.size() - 1 - k : k;
            points.add(new Point(line.x(at), line.y(at)));
        }
    }

    private static double dot(Point a, Point b) {
        return a.x() * b.x() + a.y() * b.y();
    }

    /// The Catmull-Rom curve from `b` to `c`.
    private static Polyline smooth(Point a, Point b, Point c, Point d) {
        double[] xs = new double[STEPS + 1];
        double[] ys = new double[STEPS + 1];
        for (int k = 0; k <= STEPS; k++) {
            double t = (double) k / STEPS;
            xs[k] = catmullRom(a.x(), b.x(), c.x(), d.x(), t);
            ys[k] = catmullRom(a.y(), b.y(), c.y(), d.y(), t);
        }
        return new Polyline(xs, ys);
    }

    private static double catmullRom(double a, double b, double c, double d, double t) {
        return b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
    }
}
