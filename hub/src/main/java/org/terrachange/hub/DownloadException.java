package org.terrachange.hub;

import java.io.IOException;
import java.io.Serial;
import java.util.List;

/// A model that no place would give. The message names the model, each address with what was wrong there, and what
/// to do.
public final class DownloadException extends IOException {
    @Serial
    private static final long serialVersionUID = 1;

    DownloadException(String model, List<String> reasons, String advice) {
        super(model + ": could not be downloaded: " + String.join("; ", reasons) + ". " + advice);
    }
}
