package org.terrachange.server.browser;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The Chromium of this machine; nothing is downloaded.
final class Browser implements AutoCloseable {
    private static final List<Path> PLACES = List.of(
            Path.of("/usr/bin/chromium"), Path.of("/usr/bin/chromium-browser"), Path.of("/usr/bin/google-chrome"));

    private final Playwright driver;
    private final com.microsoft.playwright.Browser chromium;

    private Browser(Playwright driver, com.microsoft.playwright.Browser chromium) {
        this.driver = driver;
        this.chromium = chromium;
    }

    /// Starts it; skips the test where there is none.
    static Browser start() {
        Optional<Path> executable = Stream.concat(
                        Stream.ofNullable(System.getenv("CHROMIUM")).map(Path::of), PLACES.stream())
                .filter(Files::isExecutable)
                .findFirst();
        assumeTrue(executable.isPresent(), "no Chromium here; install chromium, or name one in CHROMIUM");
        Playwright driver = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        // WebGL by software, so that the test does not depend on a graphics card.
        List<String> arguments =
                List.of("--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader");
        return new Browser(
                driver,
                driver.chromium()
                        .launch(new BrowserType.LaunchOptions()
                                .setExecutablePath(executable.get())
                                .setArgs(arguments)));
    }

    /// A window with a profile of its own.
    Visit visit(com.microsoft.playwright.Browser.NewContextOptions options) {
        return new Visit(chromium.newContext(options));
    }

    @Override
    public void close() {
        chromium.close();
        driver.close();
    }
}
