package org.terrachange.server.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Mouse;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.BoundingBox;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.terrachange.data.synthetic.Scene;
import org.terrachange.data.synthetic.SceneSpec;
import org.terrachange.data.synthetic.SyntheticPairWriter;
import org.terrachange.nn.tensor.ComputeMode;
import org.terrachange.server.ServerOptions;
import org.terrachange.server.TerraChangeServer;
import org.terrachange.server.fixture.BundledModels;
import org.terrachange.server.fixture.SmallArchive;

/// The web application as people use it: a real browser, the real server, the bundled models.
@Timeout(300)
final class WebApplicationTest {
    private static final ComputeMode COMPUTE = ComputeMode.parse("cpu", "auto");
    private static final double PATIENCE = 120_000;

    @TempDir
    private static Path folder;

    private static Browser browser;
    private static TerraChangeServer server;
    private static Path pair;

    @BeforeAll
    static void start() throws Exception {
        browser = Browser.start();
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE);
        pair = folder.resolve("pair");
        SyntheticPairWriter.write(Scene.of(SceneSpec.of(12, 512, 512)), pair);
        Path index = SmallArchive.make(folder.resolve("archive"), COMPUTE);
        server = TerraChangeServer.start(
                ServerOptions.of(folder.resolve("work"), BundledModels.detector())
                        .withPort(0)
                        .withCompute(COMPUTE)
                        .withSearch(index, BundledModels.search()),
                _ -> {});
    }

    @AfterAll
    static void stop() throws IOException {
        if (server != null) {
            server.close();
        }
        if (browser != null) {
            browser.close();
        }
    }

    @Test
    void twoUploadsBecomeAResultWhoseFiguresFollowTheThreshold() throws Exception {
        try (Visit visit = browser.visit(desktop(ColorScheme.LIGHT))) {
            Page page = visit.page();
            uploadPair(page);
            assertThat(page.locator("#understood")).containsText("512 × 512 px");
            assertThat(page.locator("#understood")).containsText("EPSG:32633");
            // Without a smallest size, groups that touch at a corner only would betray another neighbourhood.
            page.evaluate("document.getElementById('option-min-area').value = '0'");
            page.click("#start");
            page.waitForURL(Pattern.compile(".*/jobs/[^/]+$"));
            String permanent = page.url();
            Locator result = page.locator("#result[data-ready]");
            result.waitFor();
            Locator count = page.locator("#figure-count");
            assertThat(count).containsText(Pattern.compile("[1-9]"));
            assertThat(page.locator("#changes-list button").first()).containsText("m²");
            // The browser and the server find the same changes, but for pixels within a rounding of the threshold.
            int byServer = ((Number) page.evaluate("fetch(location.pathname + '/results/summary.json')"
                            + ".then(answer => answer.json()).then(summary => summary.polygons)"))
                    .intValue();
            int byBrowser = Integer.parseInt(count.innerText().split("\\D", -1)[0]);
            assertThat(byBrowser).isCloseTo(byServer, within(1 + byServer / 50));

            String area = page.locator("#figure-area").innerText();
            String changes = count.innerText();
            String threshold = page.locator("#threshold-value").innerText();
            page.focus("#threshold");
            page.keyboard().press("PageUp");
            page.keyboard().press("PageUp");
            page.keyboard().press("ArrowRight");
            assertThat(page.locator("#figure-area")).not().hasText(area);
            assertThat(page.locator("#threshold-value")).not().hasText(threshold);
            page.locator("#reset-threshold").click();
            assertThat(page.locator("#figure-area")).containsText(area.split("\n", -1)[0]);
            assertThat(count).containsText(changes.split("\n", -1)[0]);

            page.locator("#changes-list button").first().click();
            assertThat(page.locator("#picked")).containsText("confidence");
            assertThat(page.locator("#picked")).containsText("° N");

            page.focus("#swipe");
            page.keyboard().press("ArrowRight");
            assertThat(page.locator("#swipe")).hasAttribute("aria-valuenow", "52");

            Download file = page.waitForDownload(() -> page.click("#downloads a[download='changes.geojson']"));
            assertThat(Files.readString(file.path())).contains("FeatureCollection");

            page.navigate(permanent);
            result.waitFor();
            visit.requireNoComplaint();
        }
    }

    @Test
    void aSampleSceneShowsItsTruth() {
        try (Visit visit = browser.visit(desktop(ColorScheme.DARK))) {
            Page page = visit.page();
            page.navigate(at("/examples"));
            Locator run = page.locator("li.example button.primary").first();
            run.waitFor();
            run.click();
            Locator scores = page.locator("li.example dl.figures").first();
            scores.waitFor();
            assertThat(scores).containsText("Precision");
            assertThat(scores).containsText(Pattern.compile("\\d+\\.\\d %"));
            page.locator("li.example a.button").first().click();
            page.locator("#result[data-ready]").waitFor();
            assertThat(page.locator("#score-f1")).containsText("%");
            page.click("#compare-truth");
            assertThat(page.locator("#tag-first")).hasText("What really changed");
            visit.requireNoComplaint();
        }
    }

    @Test
    void aSearchFindsChangesAndMoreLikeOne() {
        try (Visit visit = browser.visit(desktop(ColorScheme.LIGHT))) {
            Page page = visit.page();
            page.navigate(at("/search"));
            page.fill("#q", "new houses along a road");
            page.keyboard().press("Enter");
            Locator hits = page.locator("li.hit");
            hits.first().waitFor();
            assertThat(hits.first()).containsText("dev.");
            page.waitForFunction(
                    "() => [...document.querySelectorAll('li.hit:first-child img')].every(i => i.naturalWidth > 0)");
            hits.first().getByText("Relevance").click();
            page.waitForFunction("() => document.querySelector('li.hit:first-child .picture img').naturalWidth > 0");
            hits.first().getByText("More like this").click();
            assertThat(page.locator("#like-box")).isVisible();
            assertThat(page).hasURL(Pattern.compile(".*like=.*"));
            hits.first().waitFor();
            page.goBack();
            assertThat(page.locator("#q")).hasValue("new houses along a road");
            Download csv = page.waitForDownload(() -> page.click("a[download='hits.csv']"));
            assertThat(csv.suggestedFilename()).isEqualTo("hits.csv");
            visit.requireNoComplaint();
        }
    }

    @Test
    void aBoxOnTheSmallMapConfinesTheSearch() {
        try (Visit visit = browser.visit(desktop(ColorScheme.LIGHT))) {
            Page page = visit.page();
            page.navigate(at("/search?q=houses"));
            page.locator("li.hit").first().waitFor();
            page.click("summary");
            page.click("#bbox-draw");
            Locator map = page.locator("#where canvas").first();
            map.waitFor();
            BoundingBox frame = page.locator("#where").boundingBox();
            // Around the very edge of the map, where nothing of the archive lies.
            page.mouse().move(frame.x + frame.width - 30, frame.y + 10);
            page.mouse().down();
            page.mouse().move(frame.x + frame.width - 8, frame.y + 30, new Mouse.MoveOptions().setSteps(4));
            page.mouse().up();
            assertThat(page.locator("#bbox")).hasValue(Pattern.compile("(-?[0-9.]+,){3}-?[0-9.]+"));
            page.click("#search button[type=submit]");
            assertThat(page.locator("#answer")).containsText("No change passes these filters");
            page.click("#bbox-clear");
            page.click("#search button[type=submit]");
            page.locator("li.hit").first().waitFor();
            visit.requireNoComplaint();
        }
    }

    @Test
    void aJobIsCancelledFromItsPageAndRemovedFromTheList() throws Exception {
        try (Visit visit = browser.visit(desktop(ColorScheme.DARK))) {
            Page page = visit.page();
            // Behind another job, so that there is time to cancel.
            uploadPair(page);
            page.click("#start");
            page.waitForURL(Pattern.compile(".*/jobs/[^/]+$"));
            uploadPair(page);
            page.click("#start");
            page.waitForURL(Pattern.compile(".*/jobs/[^/]+$"));
            page.click("#job-cancel");
            assertThat(page.locator("#job-outcome")).containsText("cancelled");
            page.navigate(at("/jobs"));
            Locator removal = page.locator("tr", new Page.LocatorOptions().setHasText("Cancelled"))
                    .first()
                    .locator("[data-remove]");
            String id = removal.getAttribute("data-remove");
            removal.click();
            assertThat(page.locator("[data-remove='" + id + "']")).hasCount(0);
            visit.requireNoComplaint();
        }
    }

    @Test
    void theListOfJobsKeepsTheFocusWhileItIsKeptUpToDate() {
        try (Visit visit = browser.visit(desktop(ColorScheme.LIGHT))) {
            Page page = visit.page();
            uploadPair(page);
            page.click("#start");
            page.waitForURL(Pattern.compile(".*/jobs/[^/]+$"));
            String id = page.url().substring(page.url().lastIndexOf('/') + 1);
            page.navigate(at("/jobs"));
            page.focus("#remove-" + id);
            // While the job runs, the list is put in place anew.
            awaitPolls(page, 3);
            assertThat(page.locator("#remove-" + id)).isFocused();
            page.waitForFunction("() => document.querySelector('#jobs progress') === null");
            awaitPolls(page, 1);
            // When nothing changes any more, it stays the very same.
            page.evaluate("id => { globalThis.kept = document.getElementById(`open-${id}`); kept.focus(); }", id);
            awaitPolls(page, 3);
            assertThat((Boolean) page.evaluate("document.activeElement === kept"))
                    .isTrue();
            visit.requireNoComplaint();
        }
    }

    private static void awaitPolls(Page page, int count) {
        for (int i = 0; i < count; i++) {
            page.waitForResponse("**/parts/jobs", () -> {});
        }
        // htmx puts the answer in place a little later.
        page.waitForTimeout(200);
    }

    @Test
    void theDatesKeepTheirSidesWhileAnImageIsOnItsWay() {
        try (Visit visit = browser.visit(desktop(ColorScheme.LIGHT))) {
            Page page = visit.page();
            uploadPair(page);
            assertThat(page.locator("#swap")).isEnabled();
            List<Route> held = new ArrayList<>();
            page.route("**/uploads", held::add);
            page.setInputFiles("#drop-after input[type=file]", pair.resolve("after.tif"));
            assertThat(page.locator("#swap")).isDisabled();
            page.waitForCondition(() -> !held.isEmpty());
            held.getFirst().resume();
            assertThat(page.locator("#swap")).isEnabled();
            page.click("#swap");
            assertThat(page.locator("#drop-before [data-line]")).containsText("after.tif");
            assertThat(page.locator("#drop-after [data-line]")).containsText("before.tif");
            visit.requireNoComplaint();
        }
    }

    @Test
    void placesOnBothSidesOfThe180thMeridianLieTogether() {
        try (Visit visit = browser.visit(desktop(ColorScheme.LIGHT))) {
            Page page = visit.page();
            page.navigate(at("/search"));
            String cut = "MULTIPOLYGON (((179.9 1, 180 1, 180 2, 179.9 2, 179.9 1)),"
                    + " ((-180 1, -179.7 1, -179.7 2, -180 2, -180 1)))";
            String centre = """
                    async text => {
                      const { centreOf } = await import("/static/js/meridian.js");
                      return centreOf(text).map(degrees => degrees.toFixed(3)).join(" ");
                    }""";
            assertThat(page.evaluate(centre, cut)).isEqualTo("-179.900 1.500");
            assertThat(page.evaluate(centre, "POLYGON ((-10 1, 30 1, 30 3, -10 3, -10 1))"))
                    .isEqualTo("10.000 2.000");
            Object width = page.evaluate("""
                    async text => {
                      const { joined } = await import("/static/js/meridian.js");
                      const [west, , east] = joined(new ol.format.WKT().readGeometry(text)).getExtent();
                      return (east - west).toFixed(3);
                    }""", cut);
            assertThat(width).isEqualTo("0.400");
            visit.requireNoComplaint();
        }
    }

    @Test
    void aPageThatIsNotSeenHoldsNoConnection() {
        try (Visit visit = browser.visit(desktop(ColorScheme.LIGHT))) {
            Page page = visit.page();
            // Streams are played here, and whether the page is seen: that of a test always is.
            page.addInitScript("""
                    globalThis.streams = [];
                    globalThis.EventSource = class extends EventTarget {
                      static CLOSED = 2;
                      readyState = 1;
                      constructor(url) { super(); this.url = url; streams.push(this); }
                      close() { this.readyState = 2; }
                      say(status) {
                        this.dispatchEvent(new MessageEvent("status", { data: JSON.stringify({ status }) }));
                      }
                    };
                    globalThis.away = false;
                    Object.defineProperty(document, "hidden", { get: () => away });
                    globalThis.turn = (gone) => {
                      away = gone;
                      document.dispatchEvent(new Event("visibilitychange"));
                    };
                    globalThis.alive = () => streams.filter((stream) => stream.readyState !== 2).length;
                    """);
            page.navigate(at("/model"));
            Object seen = page.evaluate("""
                    async () => {
                      const { follow } = await import("/static/js/api.js");
                      const heard = [];
                      const counts = [];
                      follow("/jobs/1", (status) => heard.push(status.status), () => heard.push("lost"));
                      counts.push(alive());
                      turn(true);
                      counts.push(alive());
                      turn(false);
                      counts.push(alive());
                      streams.at(-1).say("running");
                      streams.at(-1).readyState = 2;
                      streams.at(-1).dispatchEvent(new Event("error"));
                      turn(true);
                      turn(false);
                      counts.push(alive());
                      streams.at(-1).say("successful");
                      counts.push(alive());
                      turn(true);
                      turn(false);
                      await new Promise((done) => setTimeout(done, 2500));
                      counts.push(alive());
                      return `${streams.at(-1).url} ${heard} ${counts}`;
                    }""");
            assertThat(seen).isEqualTo("/jobs/1/events running,lost,successful 1,0,1,1,0,0");
            visit.requireNoComplaint();
        }
    }

    @Test
    void aDroppedFileThatIsNoImageIsRefusedInWords() {
        try (Visit visit = browser.visit(desktop(ColorScheme.LIGHT))) {
            visit.page().navigate(at("/detect"));
            visit.page().evaluate("""
                    () => {
                      const files = new DataTransfer();
                      files.items.add(new File(["no picture at all"], "notes.png", { type: "image/png" }));
                      document.getElementById("drop-before").dispatchEvent(
                        new DragEvent("drop", { dataTransfer: files, bubbles: true, cancelable: true }));
                    }""");
            assertThat(visit.page().locator("#drop-before [role=alert]")).isVisible();
            assertThat(visit.page().locator("#start")).isDisabled();
            visit.requireNoComplaint("Failed to load resource");
        }
    }

    @Test
    void theThemeFollowsTheSystemAndTheSwitch() {
        try (Visit visit = browser.visit(desktop(ColorScheme.DARK))) {
            Page page = visit.page();
            page.navigate(at("/model"));
            String dark = background(page);
            page.click("[data-theme-switch]");
            String light = background(page);
            assertThat(light).isNotEqualTo(dark);
            page.navigate(at("/jobs"));
            assertThat(background(page)).as("the choice outlives the page").isEqualTo(light);
            visit.requireNoComplaint();
        }
    }

    @Test
    void everyPageFitsAPhone() {
        NewContextOptions phone =
                new NewContextOptions().setViewportSize(375, 720).setHasTouch(true);
        try (Visit visit = browser.visit(phone)) {
            for (String path : new String[] {"/detect", "/examples", "/search?q=houses", "/model", "/jobs"}) {
                visit.page().navigate(at(path));
                visit.page().locator("h1").waitFor();
                visit.requireNoSidewaysScrolling();
            }
            uploadPair(visit.page());
            visit.page().click("#start");
            visit.page().locator("#changes-list button").first().waitFor();
            visit.requireNoSidewaysScrolling();
            visit.requireNoComplaint();
        }
    }

    @Test
    void theKeyboardReachesTheContent() {
        try (Visit visit = browser.visit(desktop(ColorScheme.LIGHT))) {
            Page page = visit.page();
            page.navigate(at("/detect"));
            page.keyboard().press("Tab");
            assertThat(page.locator(".skip")).isFocused();
            page.keyboard().press("Enter");
            assertThat(page.locator("#content")).isFocused();
            page.keyboard().press("Tab");
            assertThat(page.locator("#drop-before input[type=file]")).isFocused();
            visit.requireNoComplaint();
        }
    }

    @Test
    void anAddressThatDoesNotExistIsACalmPage() {
        try (Visit visit = browser.visit(desktop(ColorScheme.LIGHT))) {
            visit.page().navigate(at("/jobs/none"));
            assertThat(visit.page().locator("h1")).hasText("Not Found");
            assertThat(visit.page().locator("main")).containsText("To the start");
            visit.requireNoComplaint("404");
        }
    }

    private static void uploadPair(Page page) {
        page.navigate(at("/detect"));
        page.setInputFiles("#drop-before input[type=file]", pair.resolve("before.tif"));
        page.setInputFiles("#drop-after input[type=file]", pair.resolve("after.tif"));
        assertThat(page.locator("#start")).isEnabled();
    }

    private static String background(Page page) {
        return (String) page.evaluate("getComputedStyle(document.body).backgroundColor");
    }

    private static NewContextOptions desktop(ColorScheme scheme) {
        return new NewContextOptions()
                .setViewportSize(1280, 900)
                .setColorScheme(scheme)
                .setAcceptDownloads(true);
    }

    private static String at(String path) {
        return server.address().resolve(path).toString();
    }
}
