package dev.evidencevault.crypto.asic;

import dev.evidencevault.crypto.merkle.Digest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What one signature is over: the names of all files of a container outside {@code META-INF} but {@code mimetype}, and their
 * SHA-256 digests (EN 319 162-1). It is XML, in one spelling: a line for each file, ascending by name. It is read
 * line by line, by no XML parser: there is nothing in it to resolve, to expand or to nest. Immutable.
 */
final class AsicManifest {
    /** Longer than that of the most files with the longest names. */
    static final int BYTES_MAX = 1 << 20;

    private static final String FOOT = "</asic:ASiCManifest>\n";
    private static final String BEFORE_DIGEST =
            "\"><ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/><ds:DigestValue>";
    private static final String AFTER_DIGEST = "</ds:DigestValue></asic:DataObjectReference>";
    private static final Pattern FILE = Pattern.compile("<asic:DataObjectReference URI=\"([A-Za-z0-9._/-]{1,200})"
            + Pattern.quote(BEFORE_DIGEST) + "([A-Za-z0-9+/]{43}=)" + Pattern.quote(AFTER_DIGEST));

    private final int number;
    private final SortedMap<String, Digest> files;

    private AsicManifest(int number, SortedMap<String, Digest> files) {
        this.number = number;
        this.files = Collections.unmodifiableSortedMap(files);
    }

    /** Returns the manifest of a signature over these files. */
    static AsicManifest of(int number, SortedMap<String, Digest> files) {
        return new AsicManifest(number, new TreeMap<>(files));
    }

    /** Returns the names of the files and their digests. */
    SortedMap<String, Digest> files() {
        return files;
    }

    /**
     * Checks that these are the files of the manifest, all of them and no others.
     *
     * @throws IllegalArgumentException if they are not; the message names a file
     */
    void requireFiles(SortedMap<String, Digest> found) {
        for (String name : found.keySet()) {
            if (!files.containsKey(name)) {
                throw new IllegalArgumentException(
                        "the file " + name + " is not in the manifest " + ContainerNames.manifest(number));
            }
        }
        files.forEach((name, digest) -> {
            Digest there = found.get(name);
            if (!digest.equals(there)) {
                throw new IllegalArgumentException("expected the file " + name + " with the SHA-256 digest " + digest
                        + ", as the manifest " + ContainerNames.manifest(number) + " says, found "
                        + (there == null ? "no such file" : there.toString()));
            }
        });
    }

    byte[] format() {
        StringBuilder text = new StringBuilder("""
                <?xml version="1.0" encoding="UTF-8"?>
                <asic:ASiCManifest xmlns:asic="http://uri.etsi.org/02918/v1.2.1#" xmlns:ds="http://www.w3.org/2000/09/xmldsig#">
                """);
        text.append("<asic:SigReference URI=\"")
                .append(ContainerNames.signature(number))
                .append("\" MimeType=\"application/pkcs7-signature\"/>\n");
        files.forEach((name, digest) -> text.append("<asic:DataObjectReference URI=\"")
                .append(name)
                .append(BEFORE_DIGEST)
                .append(digest.base64())
                .append(AFTER_DIGEST + "\n"));
        return text.append(FOOT).toString().getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Parses the manifest of a signature.
     *
     * @throws IllegalArgumentException if it is not spelled as {@link #format} does
     */
    static AsicManifest parse(int number, byte[] bytes) {
        SortedMap<String, Digest> files = new TreeMap<>();
        for (String line : new String(bytes, StandardCharsets.ISO_8859_1).split("\n", -1)) {
            Matcher file = FILE.matcher(line);
            if (file.matches()) {
                files.put(file.group(1), Digest.parseBase64(file.group(2)));
            }
        }
        AsicManifest manifest = new AsicManifest(number, files);
        if (!Arrays.equals(manifest.format(), bytes)) {
            throw new IllegalArgumentException(
                    "the manifest " + ContainerNames.manifest(number) + " is not spelled as a container's");
        }
        return manifest;
    }
}
