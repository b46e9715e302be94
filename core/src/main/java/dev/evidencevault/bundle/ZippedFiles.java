package dev.evidencevault.bundle;

import dev.evidencevault.crypto.zip.MalformedZipException;
import dev.evidencevault.crypto.zip.StoredZip;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** A bag that lies in a ZIP file of the one spelling. */
final class ZippedFiles extends BundleFiles {
    private final FileChannel zip;
    private final Map<String, StoredZip.Entry> entries = new TreeMap<>();
    private final SortedMap<String, Long> sizes = new TreeMap<>();

    private ZippedFiles(FileChannel zip) {
        this.zip = zip;
    }

    static ZippedFiles of(Path path) throws IOException {
        FileChannel zip = FileChannel.open(path, StandardOpenOption.READ);
        try {
            ZippedFiles files = new ZippedFiles(zip);
            for (StoredZip.Entry entry : StoredZip.read(zip)) {
                if (!entry.name().startsWith(BundleLayout.BAG)) {
                    throw new MalformedBundleException(
                            entry.name(), "every file of a bundle lies in " + BundleLayout.BAG);
                }
                String name = entry.name().substring(BundleLayout.BAG.length());
                files.entries.put(name, entry);
                files.sizes.put(name, entry.bytes());
            }
            return files;
        } catch (MalformedZipException e) {
            zip.close();
            MalformedBundleException malformed = new MalformedBundleException("bundle", String.valueOf(e.getMessage()));
            malformed.initCause(e);
            throw malformed;
        } catch (IOException | RuntimeException e) {
            zip.close();
            throw e;
        }
    }

    @Override
    public SortedMap<String, Long> sizes() {
        return Collections.unmodifiableSortedMap(sizes);
    }

    @Override
    public InputStream open(String name) throws IOException {
        StoredZip.Entry entry = entries.get(name);
        if (entry == null) {
            throw missing(name);
        }
        return StoredZip.open(zip, entry);
    }

    @Override
    public boolean hasItsChecksum(String name) throws IOException {
        StoredZip.Entry entry = entries.get(name);
        return entry != null && StoredZip.hasItsChecksum(zip, entry);
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
