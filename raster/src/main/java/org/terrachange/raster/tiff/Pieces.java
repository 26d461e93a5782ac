package org.terrachange.raster.tiff;

/// The pieces that a window touches, numbered row by row, within a row column by column, plane by plane.
///
/// @param firstRow first row of pieces
/// @param lastRow last row of pieces
/// @param firstColumn first column of pieces
/// @param lastColumn last column of pieces
/// @param planes the planes wanted, in the order wanted
@SuppressWarnings("ArrayRecordComponent")
record Pieces(int firstRow, int lastRow, int firstColumn, int lastColumn, int[] planes) {

    long count() {
        return (lastRow - firstRow + 1L) * columns() * planes.length;
    }

    private long columns() {
        return lastColumn - firstColumn + 1L;
    }

    int row(long piece) {
        return firstRow + (int) (piece / planes.length / columns());
    }

    int column(long piece) {
        return firstColumn + (int) (piece / planes.length % columns());
    }

    /// The plane of a piece.
    int plane(long piece) {
        return planes[order(piece)];
    }

    /// The place of the plane of a piece among those wanted.
    int order(long piece) {
        return (int) (piece % planes.length);
    }
}
