package dev.evidencevault.place;

import java.util.regex.Pattern;

/** The key of an object: a relative path with one spelling, which is safe as a file's name on every system. */
public final class ObjectKey {
    /** The longest key, in characters, all of them ASCII. */
    public static final int CHARS_MAX = 512;

    private static final Pattern PART = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}");

    private ObjectKey() {}

    /**
     * Returns a key as it is.
     *
     * @throws IllegalArgumentException if it has other characters than letters, digits and {@code . _ -} in parts that are
     *     joined by {@code /}, a part of more than 128 or one that begins with a full stop or ends in {@code .tmp}, or more
     *     than {@value #CHARS_MAX} characters
     */
    public static String require(String key) {
        boolean good = key.length() <= CHARS_MAX;
        for (String part : key.split("/", -1)) {
            good &= PART.matcher(part).matches() && !part.endsWith(DirectoryStore.UNFINISHED_SUFFIX);
        }
        if (!good) {
            throw new IllegalArgumentException("no key of an object: " + key);
        }
        return key;
    }
}
