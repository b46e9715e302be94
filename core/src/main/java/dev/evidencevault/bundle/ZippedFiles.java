package dev.evidencevault.bundle;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
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
        return new Part(zip, entry.offset(), entry.offset() + entry.bytes());
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

    /** A part of a file as a stream. */
    private static final class Part extends InputStream {
        private final FileChannel file;
        private final long to;
        private long at;

        Part(FileChannel file, long from, long to) {
            this.file = file;
            this.at = from;
            this.to = to;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            int wanted = (int) Math.min(length, to - at);
            int read = wanted == 0 ? -1 : file.read(ByteBuffer.wrap(target, offset, wanted), at);
            at += Math.max(read, 0);
            return read;
        }
    }
}
