package org.terrachange.data.synthetic;

/// A rectangle on the ground at any angle.
///
/// @param centre its middle
/// @param axis unit vector along its length
/// @param halfLength metres from the middle to an end
/// @param halfWidth metres from the middle to a side
record Box(Point centre, Point axis, double halfLength, double halfWidth) {

    Ring ring() {
        return Ring.of(corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1));
    }

    /// A corner by its signs along the length and across.
    Point corner(int along, int across) {
        return at(along * halfLength, across * halfWidth);
    }

    /// The ground position of local coordinates: metres along the length and across, from the middle.
    Point at(double along, double across) {
        return new Point(
                centre.x() + axis.x() * along - axis.y() * across, centre.y() + axis.y() * along + axis.x() * across);
    }

    /// Metres along the length from the middle.
    double along(double x, double y) {
        return (x - centre.x()) * axis.x() + (y - centre.y()) * axis.y();
    }

    /// Metres across from the middle.
    double across(double x, double y) {
        return (y - centre.y()) * axis.x() - (x - centre.x()) * axis.y();
    }

    boolean contains(double x, double y) {
        return Math.abs(along(x, y)) <= halfLength && Math.abs(across(x, y)) <= halfWidth;
    }

    /// Whether a position is inside or less than `metres` away.
    boolean isNear(double x, double y, double metres) {
        double reach = halfLength + halfWidth + metres;
        if (Math.abs(x - centre.x()) > reach || Math.abs(y - centre.y()) > reach) {
            return false;
        }
        double dx = Math.max(0, Math.abs(along(x, y)) - halfLength);
        double dy = Math.max(0, Math.abs(across(x, y)) - halfWidth);
        return dx * dx + dy * dy < metres * metres;
    }

    Bounds bounds() {
        double east = Math.abs(axis.x()) * halfLength + Math.abs(axis.y()) * halfWidth;
        double south = Math.abs(axis.y()) * halfLength + Math.abs(axis.x()) * halfWidth;
        return new Bounds(centre.x() - east, centre.y() - south, centre.x() + east, centre.y() + south);
    }

    /// The same ground with the longer side as its length.
    Box lengthwise() {
        if (halfLength >= halfWidth) {
            return this;
        }
        double across = halfLength;
        double along = halfWidth;
        return new Box(centre, axis.turned(), along, across);
    }

    Box grown(double metres) {
        return new Box(centre, axis, halfLength + metres, halfWidth + metres);
    }

    double radius() {
        return Polyline.length(halfLength, halfWidth);
    }

    /// Whether two rectangles share ground, by the separating axis theorem.
    boolean overlaps(Box other) {
        Point between = other.centre.minus(centre);
        if (between.norm() > radius() + other.radius()) {
            return false;
        }
        return !separates(axis, between, other)
                && !separates(axis.turned(), between, other)
                && !separates(other.axis, between, other)
                && !separates(other.axis.turned(), between, other);
    }

    private boolean separates(Point direction, Point between, Box other) {
        return Math.abs(dot(direction, between)) > reach(direction) + other.reach(direction);
    }

    private double reach(Point direction) {
        return Math.abs(dot(direction, axis)) * halfLength + Math.abs(dot(direction, axis.turned())) * halfWidth;
    }

    private static double dot(Point a, Point b) {
        return a.x() * b.x() + a.y() * b.y();
    }
}
