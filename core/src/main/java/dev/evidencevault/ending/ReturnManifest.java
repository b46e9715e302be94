package dev.evidencevault.ending;

import dev.evidencevault.bundle.BagManifest;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.LogId;
import dev.evidencevault.format.Timestamps;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What is in a return, and that the vault says so. Format: {@code docs/formats/return.md}. */
final class ReturnManifest {
    /** The list of all files but itself and its signature, which {@code sha256sum -c} reads. */
    static final String FILE = "manifest-sha256.txt";

    /** The vault's signature over the list. */
    static final String SIGNATURE = "manifest.note";

    /** Symbolic links and where they lead, a line for each, if there are any: no digest tells of them. */
    static final String LINKS = "links.txt";

    /** The directory of bundles. */
    static final String EVIDENCE = "evidence";

    private static final String LABEL = "evidence-vault/return/v1";

    private ReturnManifest() {}

    /** Returns the digests of the regular files in a directory. Links are not followed and not listed. */
    static BagManifest of(Path directory) throws IOException {
        SortedMap<String, Digest> digests = new TreeMap<>();
        for (Path file : files(directory)) {
            try (InputStream in = Files.newInputStream(file)) {
                digests.put(name(directory, file), Digest.sha256(in));
            }
        }
        return new BagManifest(digests);
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .filter(file -> !file.equals(directory.resolve(FILE)) && !file.equals(directory.resolve(SIGNATURE)))
                    .toList();
        }
    }

    /** Returns the content of {@link #LINKS}: empty if there are no links. */
    static byte[] links(Path directory) throws IOException {
        StringBuilder text = new StringBuilder();
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path link : all.filter(Files::isSymbolicLink).sorted().toList()) {
                text.append(name(directory, link))
                        .append(" -> ")
                        .append(encoded(Files.readSymbolicLink(link).toString()))
                        .append('\n');
            }
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Returns what belongs in no return: neither file nor directory nor link. */
    static List<String> others(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(file -> Files.exists(file, LinkOption.NOFOLLOW_LINKS)
                            && !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)
                            && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                            && !Files.isSymbolicLink(file))
                    .map(file -> name(directory, file))
                    .toList();
        }
    }

    private static String name(Path directory, Path file) {
        return encoded(directory.relativize(file).toString().replace(File.separatorChar, '/'));
    }

    /** The text, with what would end a line written as RFC 8493 section 2.1.3 has it. */
    private static String encoded(String text) {
        return text.replace("%", "%25").replace("\n", "%0A").replace("\r", "%0D");
    }

    /** Returns the text that the vault signs. */
    static String signedText(LogId vaultId, LogId logId, long time, byte[] manifest) {
        return LABEL + "\n" + vaultId + "\n" + logId + "\n" + Timestamps.format(time) + "\n"
                + Digest.sha256(manifest).hex() + "\n";
    }

    /**
     * Says whether a signed text is that of a manifest.
     *
     * @throws IllegalArgumentException if it is none
     */
    static boolean isOf(String text, byte[] manifest) {
        List<String> lines = List.of(text.split("\n", -1));
        if (lines.size() != 6 || !lines.get(0).equals(LABEL)) {
            throw new IllegalArgumentException("expected five lines, the first of them " + LABEL);
        }
        return text.equals(signedText(
                LogId.parse(lines.get(1)), LogId.parse(lines.get(2)), Timestamps.parse(lines.get(3)), manifest));
    }
}
