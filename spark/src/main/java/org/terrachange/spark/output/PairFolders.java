package org.terrachange.spark.output;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/// Names of folders for pairs.
public final class PairFolders {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,79}");
    private static final Pattern OTHER = Pattern.compile("[^A-Za-z0-9._-]");
    private static final int LONGEST = 60;
    private static final int DIGITS = 10;

    private PairFolders() {}

    /// The name for a pair: its id where that is a plain name, else what is plain of it and a part of its SHA-256,
    /// so that names stay apart.
    public static String name(String id) {
        if (PLAIN.matcher(id).matches() && !id.endsWith(".parquet")) {
            return id;
        }
        String plain = OTHER.matcher(id).replaceAll("_");
        String end = plain.substring(Math.max(0, plain.length() - LONGEST)).replaceFirst("^\\.", "_");
        return end + "-" + digest(id).substring(0, DIGITS);
    }

    /// SHA-256 of a text, in hexadecimal digits.
    public static String digest(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
