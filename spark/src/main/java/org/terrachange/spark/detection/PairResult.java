package org.terrachange.spark.detection;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;
import org.terrachange.spark.input.CataloguePair;

/// What became of one pair.
///
/// @param pair of the catalogue
/// @param folder of its files, in that of the run
/// @param found absent where it failed
/// @param error what went wrong, in words; absent where nothing did
/// @param present whether it had been done before
public record PairResult(
        CataloguePair pair,
        String folder,
        @Nullable Found found,
        @Nullable String error,
        boolean present) implements Serializable {

    static PairResult failed(PairTask task, String error) {
        return new PairResult(task.pair(), task.folder(), null, error, false);
    }
}
