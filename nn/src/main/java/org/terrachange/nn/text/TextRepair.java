package org.terrachange.nn.text;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Optional;
import java.util.stream.Stream;

/// Mends what commonly happens to text on its way through other programs, in the places where it would change
/// the tokens: UTF-8 that was read as Windows-1252 or Latin-1 (`cafÃ©`), curled quotation marks, ligatures,
/// full-width letters, stray control characters and composed characters written in parts. CLIP was trained on
/// captions cleaned in this way (by ftfy); captions typed today rarely need it.
final class TextRepair {
    private static final Charset WINDOWS_1252 = Charset.forName("windows-1252");
    private static final int MOST_ROUNDS = 3;

    private TextRepair() {}

    static String of(String text) {
        if (text.chars().allMatch(c -> c < 0x7f && (c >= 0x20 || c == '\n' || c == '\t'))) {
            return text;
        }
        String decoded = text;
        for (int round = 0; round < MOST_ROUNDS; round++) {
            Optional<String> better = redecoded(decoded);
            if (better.isEmpty()) {
                break;
            }
            decoded = better.get();
        }
        StringBuilder plain = new StringBuilder(decoded.length());
        decoded.codePoints().forEach(c -> appendPlain(c, plain));
        return Normalizer.normalize(plain, Normalizer.Form.NFC);
    }

    /// The text as UTF-8, where its characters are exactly the bytes of UTF-8 read as a one-byte encoding. Text
    /// that was meant as it stands practically never is.
    private static Optional<String> redecoded(String text) {
        if (text.chars().noneMatch(c -> c >= 0xc2 && c <= 0xf4)) {
            return Optional.empty();
        }
        return Stream.of(WINDOWS_1252, StandardCharsets.ISO_8859_1)
                .flatMap(charset -> bytes(text, charset).stream())
                .flatMap(bytes -> utf8(bytes).stream())
                .findFirst();
    }

    private static Optional<ByteBuffer> bytes(String text, Charset charset) {
        try {
            return Optional.of(charset.newEncoder().encode(CharBuffer.wrap(text)));
        } catch (CharacterCodingException _) {
            return Optional.empty();
        }
    }

    private static Optional<String> utf8(ByteBuffer bytes) {
        try {
            return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(bytes).toString());
        } catch (CharacterCodingException _) {
            return Optional.empty();
        }
    }

    private static void appendPlain(int c, StringBuilder out) {
        switch (c) {
            case 0x2018, 0x2019, 0x201a, 0x201b, 0x02bc -> out.append('\'');
            case 0x201c, 0x201d, 0x201e, 0x201f -> out.append('"');
            case 0x2028, 0x2029, 0x85 -> out.append('\n');
            case 0x3000 -> out.append(' ');
            case 0xfeff -> {}
            default -> {
                if ((c >= 0xfb00 && c <= 0xfb06) || (c >= 0xff01 && c <= 0xffee)) {
                    out.append(Normalizer.normalize(Character.toString(c), Normalizer.Form.NFKC));
                } else if (!isStrayControl(c)) {
                    out.appendCodePoint(c);
                }
            }
        }
    }

    private static boolean isStrayControl(int c) {
        return (c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f') || c == 0x7f;
    }
}
