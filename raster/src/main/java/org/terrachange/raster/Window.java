package org.terrachange.raster;

/// A rectangle of pixels inside a raster, in pixel columns and rows counted from its upper left corner.
///
/// @param x first column
/// @param y first row
/// @param width columns, at least 1
/// @param height rows, at least 1
public record Window(int x, int y, int width, int height) {
    public Window {
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException("a window needs at least one pixel, got " + width + "x" + height);
        }
    }

    /// The window that covers a whole raster of this size.
    public static Window whole(int width, int height) {
        return new Window(0, 0, width, height);
    }

    /// The column just right of the window.
    public int right() {
        return x + width;
    }

    /// The row just below the window.
    public int bottom() {
        return y + height;
    }

    /// The number of pixels.
    public long area() {
        return (long) width * height;
    }

    /// Whether every pixel of `other` lies in this window.
    public boolean contains(Window other) {
        return other.x >= x && other.y >= y && other.right() <= right() && other.bottom() <= bottom();
    }

    /// Whether the two windows share a pixel.
    public boolean intersects(Window other) {
        return other.x < right() && x < other.right() && other.y < bottom() && y < other.bottom();
    }

    /// The pixels that both windows share.
    ///
    /// @throws IllegalArgumentException if they share none
    public Window intersection(Window other) {
        int left = Math.max(x, other.x);
        int top = Math.max(y, other.y);
        return new Window(left, top, Math.min(right(), other.right()) - left, Math.min(bottom(), other.bottom()) - top);
    }

    @Override
    public String toString() {
        return width + "x" + height + " at column " + x + ", row " + y;
    }
}
