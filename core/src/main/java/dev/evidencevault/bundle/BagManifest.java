package dev.evidencevault.bundle;

import dev.evidencevault.crypto.merkle.Digest;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A manifest of a bag (RFC 8493 section 2.1.3): a line for each file with its SHA-256, two spaces and its path, ascending
 * by path. {@code sha256sum -c} reads it.
 *
 * @param digests the digests by path
 */
public record BagManifest(SortedMap<String, Digest> digests) {
    /** Copies the map. */
    public BagManifest {
        digests = Collections.unmodifiableSortedMap(new TreeMap<>(digests));
    }

    /** Returns the bytes of the file. */
    public byte[] format() {
        StringBuilder text = new StringBuilder();
        digests.forEach((path, digest) ->
                text.append(digest.hex()).append("  ").append(path).append('\n'));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Parses the bytes of the file.
     *
     * @throws IllegalArgumentException if they are not spelled as {@link #format()} does
     */
    public static BagManifest parse(byte[] bytes) {
        SortedMap<String, Digest> digests = new TreeMap<>();
        for (String line : new String(bytes, StandardCharsets.UTF_8).split("\n", -1)) {
            if (line.length() > 66) {
                digests.put(line.substring(66), Digest.parseHex(line.substring(0, 64)));
            }
        }
        BagManifest manifest = new BagManifest(digests);
        if (!java.util.Arrays.equals(manifest.format(), bytes)) {
            throw new IllegalArgumentException("expected lines of a digest, two spaces and a path, ascending by path");
        }
        return manifest;
    }
}
