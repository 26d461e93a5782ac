package org.terrachange.nn.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.terrachange.nn.SharedData;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ClipTokenizerTest {
    private final ClipTokenizer tokenizer = ClipTokenizer.shared();

    @Test
    void everyReferenceTextHasItsTokens() {
        JsonNode texts =
                JsonMapper.shared().readTree(SharedData.file("clip/tokens.json").toFile());
        assertThat(texts.size()).isGreaterThan(200);
        for (JsonNode entry : texts) {
            int[] expected =
                    entry.get("ids").valueStream().mapToInt(JsonNode::asInt).toArray();
            assertThat(tokenizer.encode(entry.get("text").asString()))
                    .as(entry.get("text").asString())
                    .containsExactly(expected);
            int[] cut = tokenizer.encode(entry.get("text").asString(), 77);
            assertThat(cut).hasSize(Math.min(77, expected.length)).endsWith(ClipTokenizer.END);
            assertThat(Arrays.copyOf(cut, cut.length - 1)).containsExactly(Arrays.copyOf(expected, cut.length - 1));
        }
    }

    /// Known without any file: tokens that CLIP's own tokenizer gives.
    @Test
    void wordsDigitsAndPunctuationAreSplit() {
        assertThat(tokenizer.encode("New buildings constructed")).containsExactly(49406, 686, 8866, 16876, 49407);
        assertThat(tokenizer.encode("")).containsExactly(49406, 49407);
        assertThat(tokenizer.encode("a  photo\tof\na   CAT")).containsExactly(49406, 320, 1125, 539, 320, 2368, 49407);
        assertThat(tokenizer.encode("<|startoftext|> hi <|endoftext|>"))
                .containsExactly(49406, 49406, 1883, 49407, 49407);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "caf\u00c3\u00a9|caf\u00e9",
                "caf&Atilde;&copy;|caf\u00e9",
                "it\u00e2\u20ac\u2122s new|it's new",
                "it\u2019s new|it's new",
                "\uff21\uff22\uff11|ab1",
                "o\ufb03ce|office",
                "cafe\u0301|caf\u00e9",
                "zero\ufeff width|zero width",
                "&amp;lt;road&amp;gt; &#8364;5 &#x80;|<road> \u20ac5 \u20ac",
                "R&amp;D &ampere &notit;|r&d &ere \u00acit;",
                "\u5317\u4eac \u65b0\u5efa|\u5317\u4eac \u65b0\u5efa",
                "\u00c9cole Z\u00fcrich|\u00e9cole z\u00fcrich",
                "a\u00a0b\u2003c\u3000d|a b c d",
            })
    void textIsCleanedAsClipDoes(String text, String expected) {
        assertThat(ClipTokenizer.cleaned(text)).isEqualTo(expected);
    }

    @Test
    void aBatchIsAsLongAsItsLongestTextAndPaddedWithZeros() {
        TokenBatch batch = tokenizer.batch(List.of("hi", "a road appears in the forest"), 77);
        assertThat(batch.length()).isEqualTo(8);
        assertThat(Arrays.copyOf(batch.ids(), 8)).containsExactly(49406, 1883, 49407, 0, 0, 0, 0, 0);
        TokenBatch cut = tokenizer.batch(List.of("hi", "a road appears in the forest"), 4);
        assertThat(cut.length()).isEqualTo(4);
        assertThat(cut.ids()[7]).isEqualTo(ClipTokenizer.END);
        assertThat(batch.padded(77).ids()).hasSize(154).startsWith(49406, 1883, 49407, 0);
        assertThatThrownBy(() -> batch.padded(3)).hasMessageContaining("8");
        assertThatThrownBy(() -> tokenizer.encode("hi", 1)).hasMessageContaining("2 tokens");
    }

    /// Merging by a queue of ranks must equal the published way: find the best pair, merge it everywhere,
    /// repeat. Both end in pieces that hold no pair of the list, and do not depend on what was encoded before.
    @Test
    void longAndStrangeWordsAreEncodedCompletelyAndAlwaysAlike() {
        Random random = new Random(7);
        for (int trial = 0; trial < 200; trial++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(40); i >= 0; i--) {
                text.appendCodePoint(random.nextInt(4) == 0 ? 0x1f300 + random.nextInt(200) : 'a' + random.nextInt(26));
            }
            int[] once = tokenizer.encode(text.toString());
            assertThat(tokenizer.encode(text.toString())).as("seed 7, %s", text).containsExactly(once);
            assertThat(Arrays.stream(once)).allMatch(id -> id >= 0 && id < ClipTokenizer.VOCABULARY);
        }
        assertThat(tokenizer.encode("xyz".repeat(200_000), 77)).hasSize(77);
    }

    @Test
    void captionsAreEncodedByTheThousand() {
        List<String> words = List.of("a", "road", "several", "buildings", "appear", "bareland", "trees", "removed");
        Random random = new Random(3);
        long start = System.nanoTime();
        int captions = 0;
        while (System.nanoTime() - start < 200_000_000L) {
            StringBuilder caption = new StringBuilder();
            for (int i = 0; i < 12; i++) {
                caption.append(words.get(random.nextInt(words.size()))).append(' ');
            }
            assertThat(tokenizer.encode(caption.toString(), 77)).hasSizeGreaterThan(12);
            captions++;
        }
        assertThat(captions).as("captions in a fifth of a second").isGreaterThan(200);
    }
}
