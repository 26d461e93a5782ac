package org.terrachange.data.captioned;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntBinaryOperator;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.terrachange.data.pairs.DatasetException;
import org.terrachange.data.retrieval.CaptionedSample;
import org.terrachange.data.retrieval.RetrievalFiles;
import org.terrachange.data.retrieval.RetrievalSet;

class PublishedLayoutTest {
    private static final ExampleSettings SMALL = new ExampleSettings(64, 32, 1, 1);
    private static final IntBinaryOperator GRASS = (x, y) -> 0x5c8040 + (x * 7 + y * 3) % 5;
    private static final IntBinaryOperator NOTHING = (_, _) -> 0;

    @TempDir
    Path folder;

    private void picture(String file, int size, IntBinaryOperator colour) throws IOException {
        BufferedImage picture = new BufferedImage(size, size, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < size; y++) {
            for (int x = 0; x < size; x++) {
                picture.setRGB(x, y, colour.applyAsInt(x, y));
            }
        }
        Path to = folder.resolve(file);
        Files.createDirectories(to.getParent());
        ImageIO.write(picture, file.endsWith("jpg") ? "jpg" : "png", to.toFile());
    }

    /// A square of one colour on another picture.
    private static IntBinaryOperator square(IntBinaryOperator ground, int from, int to, int colour) {
        return (x, y) -> x >= from && x < to && y >= from && y < to ? colour : ground.applyAsInt(x, y);
    }

    private List<CaptionedSample> cut(PublishedLayout layout, String split) throws IOException {
        List<CaptionedSample> samples = new ArrayList<>();
        for (CaptionedPair pair : layout.pairs(folder, split)) {
            new ExampleCutter(SMALL).cut(pair, (sample, before, after) -> {
                assertThat(before.width()).isEqualTo(32);
                assertThat(after.height()).isEqualTo(32);
                samples.add(sample);
            });
        }
        return samples;
    }

    private void levirCc() throws IOException {
        picture("images/val/A/one.jpg", 48, GRASS);
        picture("images/val/B/one.jpg", 48, GRASS);
        picture("images/val/label/one.png", 48, NOTHING);
        Files.writeString(folder.resolve("LevirCCcaptions.json"), """
                {"images": [
                  {"filename": "other.jpg", "split": "train", "changeflag": 1, "sentences": [{"raw": "a house"}]},
                  {"filepath": "val", "filename": "one.jpg", "split": "val", "changeflag": 0, "scene": 7, "gsd_m": 1.0,
                   "sentences": [{"raw": " nothing changed ", "tokens": ["nothing", "changed"]}, {"raw": "the same"}]}
                ]}
                """);
    }

    @Test
    void levirCcKeepsItsSentences() throws IOException {
        levirCc();

        assertThat(cut(PublishedLayout.LEVIR_CC, "val"))
                .containsExactly(new CaptionedSample("one", "7", false, List.of("nothing changed", "the same")));
        assertThat(PublishedLayout.LEVIR_CC.pairs(folder, "val").getFirst().metresPerPixel())
                .hasValue(1.0);
    }

    @Test
    void aMissingImageOfLevirCcIsNamed() throws IOException {
        levirCc();

        assertThatThrownBy(() -> PublishedLayout.LEVIR_CC.pairs(folder, "train"))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("other.jpg: is missing, though");
        assertThatThrownBy(() -> PublishedLayout.LEVIR_CC.pairs(folder, "test"))
                .hasMessageContaining("has no pair of the split \"test\"");
        Files.writeString(
                folder.resolve("LevirCCcaptions.json"),
                Files.readString(folder.resolve("LevirCCcaptions.json")).replace("the same", " "));
        assertThatThrownBy(() -> PublishedLayout.LEVIR_CC.pairs(folder, "val"))
                .hasMessageContaining("has an empty sentence for one.jpg");
    }

    @Test
    void levirMciTellsRoadsFromBuildings() throws IOException {
        levirCc();
        picture("images/val/B/one.jpg", 48, square(GRASS, 4, 20, 0xe0e0e0));
        picture("images/val/label/one.png", 48, square(NOTHING, 4, 20, 0x808080));
        assertThat(cut(PublishedLayout.LEVIR_MCI, "val").getFirst().sentences())
                .allMatch(sentence -> sentence.contains("road"));

        picture("images/val/label/one.png", 48, square(NOTHING, 4, 20, 0xffffff));
        assertThat(cut(PublishedLayout.LEVIR_MCI, "val").getFirst().sentences())
                .allMatch(sentence -> sentence.contains("building"));
    }

    @Test
    void largeScenesAreCutIntoWindows() throws IOException {
        picture("train/A/scene_3.png", 150, GRASS);
        picture("train/B/scene_3.png", 150, square(GRASS, 100, 120, 0xe0e0e0));
        picture("train/label/scene_3.png", 150, square(NOTHING, 100, 120, 0xffffff));

        List<CaptionedSample> samples = cut(PublishedLayout.LEVIR_CD, "train");

        assertThat(samples).extracting(CaptionedSample::id).hasSize(9).contains("scene_3_x86_y86", "scene_3_x0_y0");
        assertThat(samples).allMatch(sample -> sample.scene().equals("scene_3"));
        assertThat(samples)
                .filteredOn(CaptionedSample::changed)
                .extracting(CaptionedSample::id)
                .containsExactly("scene_3_x64_y64", "scene_3_x86_y64", "scene_3_x64_y86", "scene_3_x86_y86");
    }

    /// Blue and red as in the published masks; white as in copies that were made gray.
    @ParameterizedTest
    @CsvSource({"0x0000ff, 0xff0000", "0xffffff, 0xffffff"})
    void s2LookingTellsNewFromDemolished(int built, int demolished) throws IOException {
        for (String id : List.of("1", "2")) {
            picture("test/Image1/" + id + ".png", 64, GRASS);
            picture("test/Image2/" + id + ".png", 64, GRASS);
            picture("test/label1/" + id + ".png", 64, id.equals("1") ? square(NOTHING, 9, 30, built) : NOTHING);
            picture("test/label2/" + id + ".png", 64, id.equals("2") ? square(NOTHING, 9, 30, demolished) : NOTHING);
        }

        List<CaptionedSample> samples = cut(PublishedLayout.S2LOOKING, "test");

        assertThat(String.join(". ", samples.get(0).sentences()))
                .contains("new")
                .doesNotContain("demolish");
        assertThat(String.join(". ", samples.get(1).sentences()))
                .doesNotContain("new")
                .containsPattern("demolish|remov|gone|torn|vanish|disappear");
        Files.delete(folder.resolve("test/label2/2.png"));
        assertThatThrownBy(() -> PublishedLayout.S2LOOKING.pairs(folder, "test"))
                .hasMessageContaining("2.png: is missing, the partner of");
    }

    @Test
    void theAlphaOfAMaskMarksNothing() throws IOException {
        picture("test/A/1.png", 64, GRASS);
        picture("test/B/1.png", 64, GRASS);
        BufferedImage mask = new BufferedImage(64, 64, BufferedImage.TYPE_INT_ARGB);
        for (int i = 0; i < 64 * 64; i++) {
            mask.setRGB(i % 64, i / 64, 0xff000000);
        }
        Path to = folder.resolve("test/label/1.png");
        Files.createDirectories(to.getParent());
        ImageIO.write(mask, "png", to.toFile());

        assertThat(cut(PublishedLayout.LEVIR_CD, "test"))
                .singleElement()
                .extracting(CaptionedSample::changed)
                .isEqualTo(false);
    }

    private void xbd(String grade) throws IOException {
        picture("hold/images/sea-flooding_00000003_pre_disaster.png", 128, GRASS);
        picture("hold/images/sea-flooding_00000003_post_disaster.png", 128, GRASS);
        Path labels = folder.resolve("hold/labels/sea-flooding_00000003_post_disaster.json");
        Files.createDirectories(labels.getParent());
        Files.writeString(labels, """
                {"features": {"lng_lat": [], "xy": [
                  {"properties": {"feature_type": "building", "subtype": "%s", "uid": "1"},
                   "wkt": "POLYGON ((100 10, 120 10, 120 30, 100 30, 100 10))"},
                  {"properties": {"feature_type": "building", "subtype": "no-damage", "uid": "2"},
                   "wkt": "POLYGON ((10 90, 20 90, 20 100, 10 100, 10 90))"}]},
                 "metadata": {"disaster": "sea-flooding", "disaster_type": "flooding"}}
                """.formatted(grade));
    }

    @Test
    void xbdIsCutAroundItsDamage() throws IOException {
        xbd("destroyed");

        List<CaptionedSample> samples = cut(PublishedLayout.XBD, "hold");

        assertThat(samples)
                .extracting(CaptionedSample::id)
                .containsExactly("sea-flooding_00000003_x64_y0", "sea-flooding_00000003_x0_y64");
        assertThat(samples.get(0).sentences()).allMatch(sentence -> sentence.contains("destroyed"));
        assertThat(samples.get(1).changed()).isFalse();
    }

    @Test
    void buildingsOfUnknownFateAreNotSpokenOf() throws IOException {
        xbd("un-classified");

        assertThat(cut(PublishedLayout.XBD, "hold"))
                .extracting(CaptionedSample::id)
                .containsExactly("sea-flooding_00000003");
    }

    @Test
    void aGradeThatXbdDoesNotKnowIsRefused() throws IOException {
        xbd("flattened");

        assertThatThrownBy(() -> cut(PublishedLayout.XBD, "hold"))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("has a building of the grade \"flattened\"");
    }

    @Test
    void preparedFilesHoldWhatTheDataSetTells() throws IOException {
        levirCc();
        RetrievalFiles files = RetrievalFiles.of(folder, folder, "levir-cc", "val");

        RetrievalPreparation.Summary summary = RetrievalPreparation.write(
                PublishedLayout.LEVIR_CC, folder, "val", "levir-cc", files, SMALL, (_, _) -> {});

        assertThat(summary).isEqualTo(new RetrievalPreparation.Summary(1, 1, 0, 0));
        try (RetrievalSet set = RetrievalSet.open(files)) {
            assertThat(set.sample(0).sentences()).containsExactly("nothing changed", "the same");
            assertThat(set.width()).isEqualTo(32);
        }
    }

    @Test
    void imagesThatDifferInSizeAreRefusedAndNothingIsLeft() throws IOException {
        levirCc();
        picture("images/val/B/one.jpg", 40, GRASS);
        Path out = folder.resolve("out");
        RetrievalFiles files = RetrievalFiles.of(out, out, "levir-cc", "val");

        assertThatThrownBy(() -> RetrievalPreparation.write(
                        PublishedLayout.LEVIR_CC, folder, "val", "levir-cc", files, SMALL, (_, _) -> {}))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("has 40x40 pixels, but");
        try (var left = Files.list(out)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void anUnknownDataSetIsRefusedWithTheKnownOnes() {
        assertThat(PublishedLayout.parse("S2Looking")).isEqualTo(PublishedLayout.S2LOOKING);
        assertThatThrownBy(() -> PublishedLayout.parse("oscd"))
                .hasMessage("\"oscd\" is no known data set; known are levir-cc, levir-mci, levir-cd, whu-cd, s2looking,"
                        + " xbd");
    }
}
