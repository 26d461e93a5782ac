package org.terrachange.server.pages;

/// The pages that every page links to.
public enum Tab {
    DETECT("Detect"),
    EXAMPLES("Examples"),
    SEARCH("Search"),
    MODEL("Model"),
    JOBS("Jobs");

    private final String label;

    Tab(String label) {
        this.label = label;
    }

    /// What it is called.
    public String label() {
        return label;
    }

    /// Where it is.
    public String path() {
        return "/" + name().toLowerCase(java.util.Locale.ROOT);
    }
}
