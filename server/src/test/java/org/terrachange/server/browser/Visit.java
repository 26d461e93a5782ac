package org.terrachange.server.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// One page under watch: whatever it complains of is remembered.
final class Visit implements AutoCloseable {
    private static final int PATIENCE = 120_000;

    private final BrowserContext context;
    private final Page page;
    private final List<String> complaints = Collections.synchronizedList(new ArrayList<>());

    Visit(BrowserContext context) {
        this.context = context;
        context.setDefaultTimeout(PATIENCE);
        page = context.newPage();
        page.onConsoleMessage(message -> {
            // Violations of the content security policy come as errors, too.
            if (message.type().equals("error") || message.type().equals("warning")) {
                complaints.add(message.type() + ": " + message.text());
            }
        });
        page.onPageError(error -> complaints.add("exception: " + error));
        page.onRequest(request -> {
            if (!request.url().startsWith("http://127.0.0.1:")
                    && !request.url().startsWith("blob:")
                    && !request.url().startsWith("data:")) {
                complaints.add("asks another host: " + request.url());
            }
        });
    }

    Page page() {
        return page;
    }

    /// What a script of the page says about the width of its content.
    void requireNoSidewaysScrolling() {
        assertThat((Boolean)
                        page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))
                .as("the page %s fits its window", page.url())
                .isTrue();
    }

    /// @param expected substrings of complaints that the test itself provokes
    void requireNoComplaint(String... expected) {
        assertThat(complaints)
                .as("complaints of the browser")
                .allMatch(complaint -> java.util.Arrays.stream(expected).anyMatch(complaint::contains));
    }

    @Override
    public void close() {
        context.close();
    }
}
