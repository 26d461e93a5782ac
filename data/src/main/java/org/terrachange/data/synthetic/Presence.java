package org.terrachange.data.synthetic;

/// On which of the two dates an object stands.
enum Presence {
    BOTH,
    BEFORE_ONLY,
    AFTER_ONLY;

    boolean on(Epoch epoch) {
        return switch (this) {
            case BOTH -> true;
            case BEFORE_ONLY -> epoch == Epoch.BEFORE;
            case AFTER_ONLY -> epoch == Epoch.AFTER;
        };
    }
}
