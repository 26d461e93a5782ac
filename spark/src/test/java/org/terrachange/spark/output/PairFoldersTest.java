package org.terrachange.spark.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PairFoldersTest {
    @Test
    void plainNamesStayAsTheyAre() {
        assertThat(PairFolders.name("tile_07-b.2019")).isEqualTo("tile_07-b.2019");
    }

    @Test
    void otherNamesBecomePlainAndStayApart() {
        List<String> ids = List.of(
                "a/b",
                "a_b/",
                "a:b",
                "../../etc/passwd",
                ".batch",
                "..",
                "",
                "x".repeat(300),
                "x".repeat(301),
                "results.parquet",
                "https://host/a?b=1",
                "Köln",
                "a\nb");

        Set<String> names = ids.stream().map(PairFolders::name).collect(Collectors.toSet());

        assertThat(names).hasSize(ids.size()).allMatch(name -> name.matches("[A-Za-z0-9_-][A-Za-z0-9._-]{0,79}"));
        assertThat(names).doesNotContain("results.parquet");
    }
}
