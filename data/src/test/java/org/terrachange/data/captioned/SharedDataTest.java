package org.terrachange.data.captioned;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.terrachange.data.captions.ChangedThing;
import org.terrachange.data.captions.ChangedThing.Fate;
import org.terrachange.data.captions.ChangedThing.Kind;
import org.terrachange.data.captions.MaskReading;
import org.terrachange.data.pairs.LabelledPair;
import org.terrachange.data.pairs.PairFolder;
import org.terrachange.data.pairs.PairImageReader;
import org.terrachange.data.pairs.PairImages;
import org.terrachange.data.retrieval.CaptionedSample;
import org.terrachange.data.retrieval.RgbImage;

/// Real pairs, which are not part of the project; skipped where they are absent.
class SharedDataTest {
    private static Path shared(String name) {
        String property = System.getProperty("terrachange.shared");
        Path found = Path.of(property == null ? "shared/data" : property, name);
        for (Path folder = Path.of("").toAbsolutePath();
                property == null && folder != null && !Files.isDirectory(found);
                folder = folder.getParent()) {
            found = folder.resolve("shared/data").resolve(name);
        }
        assumeTrue(Files.isDirectory(found), "needs the shared data set " + name);
        return found;
    }

    @Test
    void everyPairOfLevirCcIsFound() throws IOException {
        Path root = shared("levir-cc");

        assertThat(PublishedLayout.LEVIR_CC.pairs(root, "train")).hasSize(655);
        assertThat(PublishedLayout.LEVIR_CC.pairs(root, "val"))
                .hasSize(94)
                .allMatch(pair -> pair.truth() instanceof Truth.Sentences said
                        && said.sentences().size() == 5);
    }

    @Test
    void theTornadoOfJoplinIsToldByItsDamage() throws IOException {
        List<CaptionedSample> samples = new ArrayList<>();
        for (CaptionedPair pair : PublishedLayout.XBD.pairs(shared("xbd"), "all")) {
            new ExampleCutter(ExampleSettings.DEFAULT).cut(pair, (sample, _, _) -> samples.add(sample));
        }

        assertThat(samples).hasSizeBetween(12, 20).allMatch(CaptionedSample::changed);
        assertThat(samples)
                .flatExtracting(CaptionedSample::sentences)
                .anyMatch(sentence -> sentence.contains("destroyed by the tornado"));
    }

    /// Of LEVIR-CD's changes nearly all are new buildings, so that what is taken for vanished is an error.
    @Test
    void theDirectionOfChangeIsReadOffTheImages() throws IOException {
        Map<Fate, Double> pixels = new EnumMap<>(Fate.class);
        for (LabelledPair pair : PairFolder.read(shared("levir-cd-256"), "val").subList(0, 60)) {
            PairImages images = PairImageReader.read(pair);
            MaskReading reading = new MaskReading(
                    new RgbImage(images.width(), images.height(), images.before()),
                    new RgbImage(images.width(), images.height(), images.after()));
            for (ChangedThing thing : reading.things(images.change(), Kind.BUILDING, Fate.CHANGED)) {
                pixels.merge(thing.fate(), thing.pixels(), Double::sum);
            }
        }

        double all = pixels.values().stream().mapToDouble(Double::doubleValue).sum();
        assertThat(pixels.getOrDefault(Fate.APPEARED, 0.0) / all).isGreaterThan(0.8);
        assertThat(pixels.getOrDefault(Fate.VANISHED, 0.0) / all).isLessThan(0.02);
    }
}
