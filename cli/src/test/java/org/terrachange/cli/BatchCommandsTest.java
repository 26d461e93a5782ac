package org.terrachange.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.terrachange.cli.Terminal.assertRefused;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is told before any Spark is started. The work itself is tested in its module.
class BatchCommandsTest {
    @TempDir
    private Path folder;

    @Test
    void aCatalogueThatIsNotThereIsBadInput() {
        assertRefused(
                Terminal.run("batch", "detect", folder.resolve("none.csv"), "--out", folder.resolve("out")),
                "none.csv",
                "does not exist");
        assertRefused(
                Terminal.run("batch", "embed", folder.resolve("none.csv"), "--out", folder.resolve("out")),
                "none.csv",
                "does not exist");
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void settingsThatNoDetectionTakesAreBadUsage() {
        assertRefused(
                Terminal.run("batch", "detect", folder, "--out", folder.resolve("out"), "--tile", 100),
                "multiple of 32");
        assertRefused(
                Terminal.run("batch", "detect", folder, "--out", folder.resolve("out"), "--format", "dwg"), "dwg");
        assertRefused(
                Terminal.run("batch", "embed", folder, "--out", folder.resolve("out"), "--shard-pairs", 0),
                "at least one pair");
    }

    @Test
    void optionsOfSparkHaveItsNames() throws IOException {
        Files.createDirectory(folder.resolve("pairs"));

        assertRefused(
                Terminal.run(
                        "batch",
                        "detect",
                        folder.resolve("pairs"),
                        "--out",
                        folder.resolve("out"),
                        "--conf",
                        "task.cpus=2"),
                "task.cpus",
                "no option of Spark");
    }

    @Test
    void queriesAndTheirTableAreChecked() throws IOException {
        Path queries = Files.writeString(folder.resolve("q.csv"), "words\nnew houses\n");

        assertRefused(
                Terminal.run("batch", "search", queries, "--index", folder, "--out", folder.resolve("hits.txt")),
                "hits.txt",
                ".parquet or .csv");
        assertRefused(
                Terminal.run("batch", "search", queries, "--index", folder, "--out", folder.resolve("hits.csv")),
                "row 2",
                "column query");
    }

    @Test
    void aSubcommandIsMissing() {
        assertRefused(Terminal.run("batch"), "choose detect, embed or search");
    }
}
