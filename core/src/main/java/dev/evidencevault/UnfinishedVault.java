package dev.evidencevault;

import dev.evidencevault.storage.Layout;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a creation of a vault leaves that was killed before {@code vault.json}, its last file, had its name: directories, and
 * keys that nothing was encrypted with.
 */
final class UnfinishedVault {
    private static final Set<String> NAMES = Set.of(
            "lock",
            "journal",
            "anchors",
            "tenants",
            "service",
            "service" + Layout.TEMPORARY_SUFFIX,
            "vault.sig",
            "vault.sig" + Layout.TEMPORARY_SUFFIX,
            "vault.json" + Layout.TEMPORARY_SUFFIX);

    private static final Set<String> FILES = Set.of(
            "lock",
            "vault.sig",
            "vault.sig" + Layout.TEMPORARY_SUFFIX,
            "vault.json" + Layout.TEMPORARY_SUFFIX,
            "keys.json");

    private UnfinishedVault() {}

    /**
     * Requires that a directory is empty or holds such remains and nothing else: no record, no anchor, nobody's file.
     *
     * @throws FileAlreadyExistsException if it holds anything else
     */
    static void requireNothingElse(Layout layout) throws IOException {
        for (Path entry : Layout.list(layout.root())) {
            if (!NAMES.contains(String.valueOf(entry.getFileName())) || holdsOtherFiles(entry)) {
                throw new FileAlreadyExistsException(
                        layout.root().toString(),
                        null,
                        "a new vault needs a directory that does not exist or is empty");
            }
        }
    }

    private static boolean holdsOtherFiles(Path entry) throws IOException {
        List<Path> all;
        try (Stream<Path> files = Files.walk(entry)) {
            all = files.toList();
        }
        return all.stream()
                .anyMatch(file -> !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)
                        && !FILES.contains(String.valueOf(file.getFileName())));
    }

    /** Removes the remains, under the lock. */
    static void remove(Layout layout) throws IOException {
        for (Path entry : Layout.list(layout.root())) {
            if (!entry.equals(layout.lock())) {
                Vault.removeTree(entry);
            }
        }
    }
}
