package org.terrachange.nn.text;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Replaces HTML's character references by the characters that they stand for, by the rules of the HTML
/// standard: the semicolon may be missing where it historically could, numbers from 0x80 to 0x9f mean
/// Windows-1252, and what stands for no character becomes U+FFFD or nothing.
final class HtmlEntities {
    private static final Pattern REFERENCE =
            Pattern.compile("&(#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[^\\t\\n\\f <&#;]{1,32};?)");
    private static final Map<String, String> NAMED = load();
    private static final Charset WINDOWS_1252 = Charset.forName("windows-1252");
    private static final int REPLACEMENT = 0xfffd;

    private HtmlEntities() {}

    private static Map<String, String> load() {
        try (InputStream table = HtmlEntities.class.getResourceAsStream("html-entities.tsv")) {
            if (table == null) {
                throw new IllegalStateException("the program lacks its resource html-entities.tsv");
            }
            Map<String, String> named = HashMap.newHashMap(2300);
            new BufferedReader(new InputStreamReader(table, StandardCharsets.UTF_8))
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("\t"))
                    .forEach(fields -> named.put(fields[0], characters(fields[1])));
            return Map.copyOf(named);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String characters(String hexadecimal) {
        StringBuilder characters = new StringBuilder();
        Arrays.stream(hexadecimal.split(" ")).forEach(code -> characters.appendCodePoint(Integer.parseInt(code, 16)));
        return characters.toString();
    }

    static String unescape(String text) {
        if (text.indexOf('&') < 0) {
            return text;
        }
        Matcher matcher = REFERENCE.matcher(text);
        StringBuilder result = new StringBuilder(text.length());
        while (matcher.find()) {
            String reference = matcher.group(1);
            String meaning = reference.startsWith("#") ? numbered(reference) : named(reference);
            matcher.appendReplacement(result, Matcher.quoteReplacement(meaning));
        }
        return matcher.appendTail(result).toString();
    }

    private static String named(String reference) {
        @Nullable String exact = NAMED.get(reference);
        if (exact != null) {
            return exact;
        }
        for (int length = reference.length() - 1; length > 1; length--) {
            @Nullable String prefix = NAMED.get(reference.substring(0, length));
            if (prefix != null) {
                return prefix + reference.substring(length);
            }
        }
        return "&" + reference;
    }

    private static String numbered(String reference) {
        String digits =
                reference.endsWith(";") ? reference.substring(1, reference.length() - 1) : reference.substring(1);
        boolean hexadecimal = digits.startsWith("x") || digits.startsWith("X");
        int code = code(hexadecimal ? digits.substring(1) : digits, hexadecimal ? 16 : 10);
        if (code == 0 || code > Character.MAX_CODE_POINT || (code >= 0xd800 && code <= 0xdfff)) {
            return Character.toString(REPLACEMENT);
        }
        if (code == '\r') {
            return "\r";
        }
        if (code >= 0x80 && code <= 0x9f) {
            String meant = new String(new byte[] {(byte) code}, WINDOWS_1252);
            return meant.charAt(0) == REPLACEMENT ? Character.toString(code) : meant;
        }
        return isNoCharacter(code) ? "" : Character.toString(code);
    }

    /// The number, or one beyond all characters.
    private static int code(String digits, int radix) {
        int code = 0;
        for (int i = 0; i < digits.length() && code <= Character.MAX_CODE_POINT; i++) {
            code = radix * code + Character.digit(digits.charAt(i), radix);
        }
        return code;
    }

    private static boolean isNoCharacter(int code) {
        boolean control = (code >= 0x1 && code <= 0x8) || code == 0xb || (code >= 0xe && code <= 0x1f) || code == 0x7f;
        return control || (code >= 0xfdd0 && code <= 0xfdef) || (code & 0xfffe) == 0xfffe;
    }
}
