package dev.evidencevault.bundle;

import dev.evidencevault.crypto.asic.AsicFinding;
import dev.evidencevault.crypto.cms.SignatureTrust;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;

/** The files of a bag, by their names relative to the bag. For one thread. */
public abstract sealed class BundleFiles implements Closeable permits ZippedFiles, ContainedFiles, UnpackedFiles {
    /**
     * Opens a bundle.
     *
     * @param path a ZIP file, an ASiC-E container, an unpacked bag, or a directory that holds one as {@code bag}
     * @throws MalformedBundleException if it is neither, or the ZIP file is not spelled as a bundle's
     */
    public static BundleFiles open(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            return UnpackedFiles.of(path);
        }
        return ContainedFiles.looksLikeOne(path) ? ContainedFiles.of(path) : ZippedFiles.of(path);
    }

    BundleFiles() {}

    /** Returns the names and the lengths in bytes. */
    public abstract SortedMap<String, Long> sizes();

    /**
     * Opens a file.
     *
     * @throws MalformedBundleException if there is none of that name
     */
    public abstract InputStream open(String name) throws IOException;

    /** Says whether a file has the checksum that its container says; true where the container says none. */
    public abstract boolean hasItsChecksum(String name) throws IOException;

    /**
     * Verifies the signatures of people over the files, which an ASiC-E container holds; there are none elsewhere.
     *
     * @return a finding for each
     */
    public List<AsicFinding> signers(SignatureTrust trust) throws IOException {
        return List.of();
    }

    /**
     * Reads a whole file.
     *
     * @throws MalformedBundleException if there is none of that name or it is longer than {@code bytesMax}
     */
    public byte[] read(String name, int bytesMax) throws IOException {
        try (InputStream in = open(name)) {
            byte[] bytes = in.readNBytes(bytesMax);
            if (in.read() >= 0) {
                throw new MalformedBundleException(name, "the file has at most " + bytesMax + " bytes");
            }
            return bytes;
        }
    }

    MalformedBundleException missing(String name) {
        return new MalformedBundleException(name, "the file is missing");
    }
}
