package org.terrachange.nn.text;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/// CLIP's byte-pair encoding (Radford et al. 2021; Sennrich et al. 2016): text is cleaned and put in lower
/// case, split into words, digits and punctuation, and each of these into the pieces that the bundled list of
/// 48,894 merges makes of its UTF-8 bytes. Any text can be encoded. May be used by many threads at once.
public final class ClipTokenizer {
    /// The token before every text.
    public static final int START = 49406;
    /// The token after every text; the highest id, by which text towers find it.
    public static final int END = 49407;
    /// Number of token ids.
    public static final int VOCABULARY = 49408;

    private static final int MERGES = 48894;
    /// How the list of merges writes that a word ends with a piece.
    private static final String END_OF_WORD = "</w>";
    private static final int BYTES = 256;
    private static final int CACHED_WORDS = 1 << 16;
    private static final int LONGEST_CACHED_WORD = 64;

    /// What Python counts as white space, by which CLIP's cleaning and splitting were written.
    private static final String SPACE =
            "\\x09-\\x0d\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";

    private static final Pattern SPACES = Pattern.compile("[" + SPACE + "]+");
    private static final Pattern WORDS =
            Pattern.compile("<\\|startoftext\\|>|<\\|endoftext\\|>|'s|'t|'re|'ve|'m|'ll|'d|\\p{L}+|\\p{N}|[^" + SPACE
                    + "\\p{L}\\p{N}]+");

    private final Map<Long, Integer> merges = HashMap.newHashMap(MERGES);
    private final int[] byteTokens = new int[BYTES];
    private final Map<String, int[]> cache = new ConcurrentHashMap<>();

    private ClipTokenizer() {
        int[] characters = byteCharacters();
        Map<String, Integer> ids = HashMap.newHashMap(VOCABULARY);
        List<Integer> order = new ArrayList<>(BYTES);
        // Ids of single bytes follow the order of their characters: the printable ones first, then the others.
        for (int b = 0; b < BYTES; b++) {
            if (characters[b] < BYTES) {
                order.add(b);
            }
        }
        for (int b = 0; b < BYTES; b++) {
            if (characters[b] >= BYTES) {
                order.add(b);
            }
        }
        for (int id = 0; id < BYTES; id++) {
            String character = Character.toString(characters[order.get(id)]);
            byteTokens[order.get(id)] = id;
            ids.put(character, id);
            ids.put(character + END_OF_WORD, BYTES + id);
        }
        List<String> lines = readMerges();
        for (int rank = 0; rank < MERGES; rank++) {
            String line = lines.get(rank);
            int space = line.indexOf(' ');
            String first = line.substring(0, space);
            String second = line.substring(space + 1);
            merges.put(pair(id(ids, first), id(ids, second)), 2 * BYTES + rank);
            ids.put(first + second, 2 * BYTES + rank);
        }
    }

    /// The one tokenizer of this process, made when first asked for.
    public static ClipTokenizer shared() {
        return Shared.INSTANCE;
    }

    private static final class Shared {
        static final ClipTokenizer INSTANCE = new ClipTokenizer();
    }

    private static List<String> readMerges() {
        try (InputStream packed = ClipTokenizer.class.getResourceAsStream("bpe_simple_vocab_16e6.txt.gz")) {
            if (packed == null) {
                throw new IllegalStateException("the program lacks its resource bpe_simple_vocab_16e6.txt.gz");
            }
            return new BufferedReader(new InputStreamReader(new GZIPInputStream(packed), StandardCharsets.UTF_8))
                    .lines()
                    .skip(1)
                    .limit(MERGES)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The words of plain Latin letters that are a single token, of at least this many letters, in the order of
    /// the list of merges: the more frequent first.
    public static List<String> words(int letters) {
        Pattern word = Pattern.compile("[a-z]{" + letters + ",}</w>");
        return readMerges().stream()
                .map(line -> line.replace(" ", ""))
                .filter(piece -> word.matcher(piece).matches())
                .map(piece -> piece.substring(0, piece.length() - END_OF_WORD.length()))
                .toList();
    }

    private static int id(Map<String, Integer> ids, String piece) {
        @Nullable Integer id = ids.get(piece);
        if (id == null) {
            throw new IllegalStateException("the list of merges uses a piece before it makes it: " + piece);
        }
        return id;
    }

    /// The character by which the list of merges writes each byte: printable bytes as themselves, the others as
    /// the characters from 256 on.
    private static int[] byteCharacters() {
        int[] characters = new int[BYTES];
        int next = BYTES;
        for (int b = 0; b < BYTES; b++) {
            boolean printable = (b >= '!' && b <= '~') || (b >= 0xa1 && b <= 0xac) || b >= 0xae;
            characters[b] = printable ? b : next++;
        }
        return characters;
    }

    private static long pair(int first, int second) {
        return (long) first << 32 | second;
    }

    /// The token ids of a text of any length, between [#START] and [#END].
    public int[] encode(String text) {
        return encode(text, Integer.MAX_VALUE);
    }

    /// The token ids of a text, between [#START] and [#END]; the end of a longer text is left out, the end
    /// token stays.
    ///
    /// @param context most tokens, 2 or more
    public int[] encode(String text, int context) {
        if (context < 2) {
            throw new IllegalArgumentException("a text takes 2 tokens at least, the context has " + context);
        }
        int most = context - 2;
        int[] ids = new int[32];
        int count = 0;
        ids[count++] = START;
        Matcher words = WORDS.matcher(cleaned(text));
        while (count - 1 < most && words.find()) {
            int[] pieces = pieces(words.group());
            int taken = Math.min(pieces.length, most - (count - 1));
            if (count + taken >= ids.length) {
                ids = Arrays.copyOf(ids, Math.max(2 * ids.length, count + taken + 1));
            }
            System.arraycopy(pieces, 0, ids, count, taken);
            count += taken;
        }
        ids[count++] = END;
        return Arrays.copyOf(ids, count);
    }

    /// Several texts, filled up to the longest of them.
    ///
    /// @param context most tokens of a text; longer ones lose their end, but not the end token
    public TokenBatch batch(List<String> texts, int context) {
        List<int[]> encoded = texts.stream().map(text -> encode(text, context)).toList();
        int length = encoded.stream().mapToInt(ids -> ids.length).max().orElse(0);
        long[] all = new long[Math.multiplyExact(texts.size(), length)];
        for (int row = 0; row < encoded.size(); row++) {
            int[] ids = encoded.get(row);
            for (int i = 0; i < ids.length; i++) {
                all[row * length + i] = ids[i];
            }
        }
        return new TokenBatch(all, texts.size(), length);
    }

    /// The text as it is encoded: repaired, HTML's character references resolved twice, white space collapsed, in
    /// lower case. Texts that agree in this have the same tokens.
    public static String cleaned(String text) {
        // Repair looks through references too, but not in what is HTML itself.
        String plain = text.indexOf('<') < 0 ? HtmlEntities.unescape(text) : text;
        String unescaped = HtmlEntities.unescape(HtmlEntities.unescape(TextRepair.of(plain)));
        return SPACES.matcher(unescaped).replaceAll(" ").strip().toLowerCase(Locale.ROOT);
    }

    private int[] pieces(String word) {
        if (word.equals("<|startoftext|>")) {
            return new int[] {START};
        }
        if (word.equals("<|endoftext|>")) {
            return new int[] {END};
        }
        int @Nullable [] known = cache.get(word);
        if (known != null) {
            return known;
        }
        int[] pieces = merged(word.getBytes(StandardCharsets.UTF_8));
        if (word.length() <= LONGEST_CACHED_WORD) {
            if (cache.size() >= CACHED_WORDS) {
                cache.clear();
            }
            cache.put(word, pieces);
        }
        return pieces;
    }

    /// A possible merge: of the piece at a position with the one after it.
    private record Candidate(int merged, int position, long pair) implements Comparable<Candidate> {
        @Override
        public int compareTo(Candidate other) {
            int byRank = Integer.compare(merged, other.merged);
            return byRank != 0 ? byRank : Integer.compare(position, other.position);
        }
    }

    /// Joins neighbours, the pair that comes first in the list of merges first, until none is left; in
    /// `n log n` steps, so that no word, however long, takes long.
    private int[] merged(byte[] bytes) {
        int n = bytes.length;
        int[] piece = new int[n];
        int[] previous = new int[n];
        int[] next = new int[n];
        for (int i = 0; i < n; i++) {
            piece[i] = byteTokens[bytes[i] & 0xff] + (i == n - 1 ? BYTES : 0);
            previous[i] = i - 1;
            next[i] = i + 1;
        }
        PriorityQueue<Candidate> queue = new PriorityQueue<>();
        for (int i = 0; i + 1 < n; i++) {
            offer(queue, piece, i, i + 1);
        }
        int left = n;
        while (!queue.isEmpty()) {
            Candidate best = queue.poll();
            int i = best.position;
            int j = piece[i] < 0 ? n : next[i];
            if (j >= n || pair(piece[i], piece[j]) != best.pair) {
                continue;
            }
            piece[i] = best.merged;
            piece[j] = -1;
            next[i] = next[j];
            left--;
            if (next[i] < n) {
                previous[next[i]] = i;
                offer(queue, piece, i, next[i]);
            }
            if (previous[i] >= 0) {
                offer(queue, piece, previous[i], i);
            }
        }
        int[] pieces = new int[left];
        for (int i = 0, k = 0; i < n; i = next[i]) {
            pieces[k++] = piece[i];
        }
        return pieces;
    }

    private void offer(PriorityQueue<Candidate> queue, int[] piece, int i, int j) {
        long pair = pair(piece[i], piece[j]);
        @Nullable Integer merged = merges.get(pair);
        if (merged != null) {
            queue.add(new Candidate(merged, i, pair));
        }
    }
}
