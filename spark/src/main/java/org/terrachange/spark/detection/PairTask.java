package org.terrachange.spark.detection;

import java.io.Serializable;
import org.terrachange.detect.scene.TileRows;
import org.terrachange.spark.input.CataloguePair;

/// A pair to detect.
///
/// @param pair of the catalogue
/// @param folder for its files, in that of the run
record PairTask(CataloguePair pair, String folder) implements Serializable {

    /// A band of a large scene.
    ///
    /// @param from first of its rows of tiles
    /// @param to the one after the last
    record Band(PairTask task, int from, int to) implements Serializable {
        TileRows rows() {
            return new TileRows(from, to);
        }
    }

    /// What became of a pair when it was looked at.
    ///
    /// @param result absent where the scene is to be detected in bands
    /// @param tileRows of that scene
    record Looked(
            PairTask task,
            @org.jspecify.annotations.Nullable PairResult result,
            int tileRows) implements Serializable {}

    /// What became of a band.
    ///
    /// @param error absent where it is done
    record BandDone(
            Band band, @org.jspecify.annotations.Nullable String error) implements Serializable {}
}
