package org.terrachange.detect.scene;

import java.io.IOException;
import java.io.Serial;

/// Two images that cannot be compared as they are. The message says why and what to do.
public class SceneException extends IOException {
    @Serial
    private static final long serialVersionUID = 1;

    public SceneException(String problem) {
        super(problem);
    }
}
