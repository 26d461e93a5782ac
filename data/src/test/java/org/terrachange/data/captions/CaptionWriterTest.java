package org.terrachange.data.captions;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.terrachange.data.captions.ChangedThing.Fate;
import org.terrachange.data.captions.ChangedThing.Kind;

class CaptionWriterTest {
    private static final int SEEDS = 60;

    private static ChangedThing building(Fate fate, double x, double y, double half) {
        return new ChangedThing(
                Kind.BUILDING,
                fate,
                half * half * 4 * 256 * 256,
                x - half,
                y - half,
                x + half,
                y + half,
                true,
                Optional.empty());
    }

    private static SceneChange change(ChangedThing... things) {
        return change(Optional.empty(), things);
    }

    private static SceneChange change(Optional<String> hazard, ChangedThing... things) {
        return new SceneChange(List.of(things), Set.of(Kind.BUILDING), 256, 256, OptionalDouble.empty(), hazard);
    }

    private static List<String> everySentence(SceneChange change) {
        List<String> all = new ArrayList<>();
        for (int seed = 0; seed < SEEDS; seed++) {
            all.addAll(CaptionWriter.sentences(change, seed));
        }
        return all;
    }

    @ParameterizedTest
    @EnumSource(Fate.class)
    void everyChangeHasFiveDifferentSentences(Fate fate) {
        SceneChange change = change(building(fate, 0.2, 0.2, 0.05), building(fate, 0.7, 0.8, 0.05));
        for (int seed = 0; seed < SEEDS; seed++) {
            assertThat(CaptionWriter.sentences(change, seed))
                    .hasSize(5)
                    .doesNotHaveDuplicates()
                    .allMatch(sentence -> sentence.matches("[a-z][a-z -]*[a-z]"), "plain words")
                    .noneMatch(sentence -> sentence.contains("  "));
        }
    }

    @Test
    void wordingVariesWithTheSeedAndIsTheSameForOneSeed() {
        SceneChange change = change(building(Fate.APPEARED, 0.2, 0.2, 0.05));

        assertThat(CaptionWriter.sentences(change, 3)).isEqualTo(CaptionWriter.sentences(change, 3));
        assertThat(everySentence(change).stream().distinct()).hasSizeGreaterThan(20);
    }

    @ParameterizedTest
    @CsvSource({
        "0.15, 0.2, upper left|top left",
        "0.85, 0.8, lower right|bottom right",
        "0.5, 0.2, top|upper",
        "0.2, 0.5, left",
        "0.5, 0.5, middle|centre"
    })
    void placesAreNamedAndNeverWrong(double x, double y, String named) {
        SceneChange change = change(building(Fate.APPEARED, x, y, 0.04));
        String sides = "\\b(left|right|top|bottom|upper|lower|middle|centre)\\b";
        List<String> all = everySentence(change);
        List<String> placed = all.stream()
                .filter(sentence -> sentence.matches(".*" + sides + ".*"))
                .toList();

        assertThat(placed.size()).isGreaterThan(all.size() / 3);
        assertThat(placed).allMatch(sentence -> sentence.matches(".*(" + named + ").*"));
    }

    @ParameterizedTest
    @CsvSource({"1, a |an |one", "2, two", "3, three|a row", "5, five|several|a few|a row"})
    void numbersAreTrue(int count, String words) {
        ChangedThing[] things = new ChangedThing[count];
        for (int i = 0; i < count; i++) {
            things[i] = building(Fate.VANISHED, 0.1 + 0.19 * i, 0.1 + 0.3 * (i % 3), 0.03);
        }

        assertThat(everySentence(change(things))).allMatch(sentence -> sentence.matches("(" + words + ").*"));
    }

    @Test
    void aPatchThatMayBeSeveralBuildingsIsNotCounted() {
        ChangedThing patch =
                new ChangedThing(Kind.BUILDING, Fate.APPEARED, 5000, 0.1, 0.1, 0.6, 0.6, false, Optional.empty());

        assertThat(everySentence(change(patch))).allMatch(sentence -> sentence.contains("built-up area"));
        assertThat(everySentence(change(patch, patch)))
                .allMatch(sentence -> sentence.contains("some ") || sentence.contains("several "));
    }

    @Test
    void directionIsOnlyClaimedWhereItIsKnown() {
        assertThat(everySentence(change(building(Fate.APPEARED, 0.3, 0.3, 0.05))))
                .noneMatch(sentence -> sentence.matches(".*(remov|demolish|disappear|vanish|torn|gone).*"));
        assertThat(everySentence(change(building(Fate.VANISHED, 0.3, 0.3, 0.05))))
                .noneMatch(sentence -> sentence.matches(".*( appear| built|new |constructed|added).*"));
        assertThat(everySentence(change(building(Fate.CHANGED, 0.3, 0.3, 0.05))))
                .noneMatch(sentence -> sentence.contains("new "))
                .allMatch(sentence -> sentence.matches(".*( or |changed|different|differ|change).*"));
    }

    @Test
    void formerLandIsNamedOnlyWhereItIsKnown() {
        ChangedThing onGrass = new ChangedThing(
                Kind.BUILDING, Fate.APPEARED, 900, 0.1, 0.1, 0.2, 0.2, true, Optional.of(LandCover.VEGETATION));
        String land = ".*(vegetation|greenery|grass|trees|soil|ground|water).*";

        assertThat(everySentence(change(onGrass)))
                .anyMatch(sentence -> sentence.contains("vegetation"))
                .noneMatch(sentence -> sentence.matches(".*(soil|ground|water).*"));
        assertThat(everySentence(change(building(Fate.APPEARED, 0.15, 0.15, 0.05))))
                .noneMatch(sentence -> sentence.matches(land));
    }

    @Test
    void gradesOfDamageKeepToTheirWords() {
        Optional<String> flood = Optional.of("flood");
        ChangedThing intact = building(Fate.UNHARMED, 0.8, 0.8, 0.03);

        assertThat(everySentence(change(flood, building(Fate.DESTROYED, 0.3, 0.3, 0.05), intact)))
                .allMatch(sentence -> sentence.contains("destroyed"))
                .anyMatch(sentence -> sentence.contains("by the flood"));
        assertThat(everySentence(change(flood, building(Fate.MINOR_DAMAGE, 0.3, 0.3, 0.05), intact)))
                .allMatch(sentence -> sentence.matches(".*(slight|minor|light).*"))
                .noneMatch(sentence -> sentence.contains("destroyed"));
        assertThat(everySentence(change(flood, intact))).noneMatch(sentence -> sentence.matches("(a|one|some) .*"));
    }

    @Test
    void allBuildingsAreOnlyDestroyedWhereNoneIsUnknown() {
        List<ChangedThing> things = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            things.add(building(Fate.DESTROYED, 0.1 + 0.08 * i, 0.3 + 0.05 * (i % 3), 0.02));
        }
        SceneChange all = change(Optional.of("fire"), things.toArray(ChangedThing[]::new));
        things.add(building(Fate.UNKNOWN, 0.9, 0.9, 0.02));
        SceneChange nearly = change(Optional.of("fire"), things.toArray(ChangedThing[]::new));

        assertThat(everySentence(all)).contains("all buildings are destroyed after the fire");
        assertThat(everySentence(nearly))
                .contains("nearly all buildings are destroyed after the fire")
                .doesNotContain("all buildings are destroyed after the fire");
    }

    @Test
    void unchangedPairsClaimNothingBeyondWhatWasWatched() {
        assertThat(everySentence(change())).allMatch(sentence -> sentence.contains("building"));
    }
}
