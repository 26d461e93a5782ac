package org.terrachange.hub.download;

import java.util.List;
import org.terrachange.hub.digest.Sha256;

/// How a download ended.
public sealed interface Outcome {

    /// The part file is the file that was wanted.
    ///
    /// @param origin where it came from
    record Complete(Sha256 sha256, Origin origin) implements Outcome {}

    /// No place had it.
    ///
    /// @param reasons one for each place: its address and what was wrong
    record Failed(List<String> reasons) implements Outcome {
        public Failed {
            reasons = List.copyOf(reasons);
        }
    }
}
