package org.terrachange.spark.input;

import java.io.IOException;
import java.nio.file.Path;
import org.terrachange.detect.model.ChangeDetector;
import org.terrachange.hub.digest.Sha256;
import org.terrachange.nn.tensor.ComputeMode;
import org.terrachange.spark.fleet.DeliveredFile;
import org.terrachange.spark.fleet.Fleet;
import org.terrachange.spark.fleet.LoadedModels;

/// A detector that every worker can load.
///
/// @param file of its weights
/// @param sha256 of that file
/// @param device where it computes
/// @param precision in which number format: the same on all machines, whatever each would choose
/// @param testTimeAugmentation whether it sees each tile mirrored as well
public record DetectorSource(
        DeliveredFile file, String sha256, String device, String precision, boolean testTimeAugmentation)
        implements LoadedModels.Source<ChangeDetector> {

    /// Hands the weights out.
    public static DetectorSource deliver(Fleet fleet, Path file, ComputeMode mode, boolean testTimeAugmentation)
            throws IOException {
        return new DetectorSource(
                fleet.deliver(file, "detector"),
                Sha256.of(file).hex(),
                mode.device().label(),
                mode.precision().label(),
                testTimeAugmentation);
    }

    /// Changes with everything that the answers depend on.
    public String stamp() {
        return sha256 + " " + precision + (testTimeAugmentation ? " mirrored" : "");
    }

    @Override
    public ChangeDetector open() throws IOException {
        return ChangeDetector.load(file.path(), ComputeMode.parse(device, precision), testTimeAugmentation);
    }

    @Override
    public void close(ChangeDetector detector) {
        detector.close();
    }
}
