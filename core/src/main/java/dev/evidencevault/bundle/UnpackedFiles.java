package dev.evidencevault.bundle;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A bag that lies in a directory. Links are refused. */
final class UnpackedFiles extends BundleFiles {
    private static final int FILES_MAX = 1000;

    private final Path bag;
    private final SortedMap<String, Long> sizes;

    private UnpackedFiles(Path bag, SortedMap<String, Long> sizes) {
        this.bag = bag;
        this.sizes = sizes;
    }

    static UnpackedFiles of(Path directory) throws IOException {
        Path bag = bag(directory);
        SortedMap<String, Long> sizes = new TreeMap<>();
        try (Stream<Path> walk = Files.walk(bag)) {
            for (Path file : (Iterable<Path>) walk::iterator) {
                String name = bag.relativize(file).toString();
                if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
                    if (isEmpty(file)) {
                        throw new MalformedBundleException(name, "a bundle has no empty directory");
                    }
                    continue;
                }
                if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    throw new MalformedBundleException(name, "expected a regular file, found a link or a device");
                }
                if (sizes.size() == FILES_MAX) {
                    throw new MalformedBundleException("bundle", "a bundle has at most " + FILES_MAX + " files");
                }
                sizes.put(name, Files.size(file));
            }
        }
        return new UnpackedFiles(bag, Collections.unmodifiableSortedMap(sizes));
    }

    /** The bag itself, or the only thing in the directory into which it was unpacked. */
    private static Path bag(Path directory) throws IOException {
        if (Files.exists(directory.resolve(BundleLayout.BAGIT), LinkOption.NOFOLLOW_LINKS)) {
            return directory;
        }
        try (Stream<Path> entries = Files.list(directory)) {
            for (Path entry : (Iterable<Path>) entries::iterator) {
                if (!entry.endsWith("bag")) {
                    throw new MalformedBundleException(
                            String.valueOf(entry.getFileName()), "this lies beside the bag and is no part of it");
                }
            }
        }
        return directory.resolve("bag");
    }

    private static boolean isEmpty(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.findAny().isEmpty();
        }
    }

    @Override
    public SortedMap<String, Long> sizes() {
        return sizes;
    }

    @Override
    public InputStream open(String name) throws IOException {
        if (!sizes.containsKey(name)) {
            throw missing(name);
        }
        return Files.newInputStream(bag.resolve(name), LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    public boolean hasItsChecksum(String name) {
        return true;
    }

    @Override
    public void close() {
        // Every stream is closed by who opened it.
    }
}
