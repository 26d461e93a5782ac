package org.terrachange.search.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.terrachange.nn.change.ChangeStrategy;
import org.terrachange.nn.clip.ClipConfiguration;
import org.terrachange.nn.tensor.Parameter;
import org.terrachange.nn.tensor.Parameters;
import org.terrachange.nn.transformer.TrainableLayers;
import org.terrachange.search.model.SearchArchitecture;
import org.terrachange.search.model.SearchNetwork;

class FrozenPartsTest {

    private static List<String> frozen(String configuration, FrozenParts parts) {
        try (Parameters parameters = new Parameters()) {
            new SearchNetwork(
                    new SearchArchitecture.Clip(ClipConfiguration.named(configuration)),
                    ChangeStrategy.CONCAT,
                    new TrainableLayers(parameters));
            return parameters.all().stream().filter(parts).map(Parameter::name).toList();
        }
    }

    @Test
    void theFirstBlocksAreThoseOfTheImageTowerAlone() {
        List<String> names = frozen("ViT-B-32", new FrozenParts(8, false, false, false));

        // Twelve tensors a block: two normalisations, attention and perceptron, each with weight and bias.
        assertThat(names)
                .hasSize(8 * 12)
                .allMatch(name -> name.matches("visual\\.transformer\\.resblocks\\.[0-7]\\..*"))
                .anyMatch(name -> name.startsWith("visual.transformer.resblocks.7."));
    }

    @Test
    void theStemIsWhatLiesBeforeThem() {
        assertThat(frozen("ViT-B-32", new FrozenParts(0, true, false, false)))
                .containsExactlyInAnyOrder(
                        "visual.conv1.weight",
                        "visual.class_embedding",
                        "visual.positional_embedding",
                        "visual.ln_pre.weight",
                        "visual.ln_pre.bias");
    }

    @Test
    void theTextTowerIsFrozenWholeAndWithoutTheScale() {
        List<String> names = frozen("ViT-B-32", new FrozenParts(0, false, false, true));

        assertThat(names)
                .contains("token_embedding.weight", "positional_embedding", "text_projection", "ln_final.bias")
                .hasSize(12 * 12 + 5)
                .noneMatch(
                        name -> name.startsWith("visual.") || name.startsWith("change.") || name.equals("logit_scale"));
    }

    @Test
    void theTrunkLeavesTheProjectionFree() {
        for (String configuration : List.of("ViT-B-32", "RN50")) {
            List<String> names = frozen(configuration, new FrozenParts(0, false, true, false));

            assertThat(names).isNotEmpty().allMatch(name -> name.startsWith("visual."));
            assertThat(names)
                    .noneMatch(name -> name.startsWith("visual.proj")
                            || name.startsWith("visual.attnpool")
                            || name.startsWith("visual.ln_post"));
        }
    }
}
