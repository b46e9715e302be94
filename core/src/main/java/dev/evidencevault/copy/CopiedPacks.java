package dev.evidencevault.copy;

import dev.evidencevault.deposit.PackSource;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.place.ObjectStore;
import dev.evidencevault.storage.Layout;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The packs of one log in a copy, read where they lie, one request for each part that is read. What is read proves itself to whoever
 * decrypts it; nothing compares it with the manifests' digests, which are of whole packs.
 */
final class CopiedPacks implements PackSource {
    private final ObjectStore store;
    private final String prefix;
    private final SortedMap<Long, Long> bytes = new TreeMap<>();

    CopiedPacks(ObjectStore store, CopyChain chain) {
        this.store = store;
        this.prefix = chain.part().backups();
        for (CopyManifest.Entry object : chain.objects()) {
            String name = object.key().substring(object.key().lastIndexOf('/') + 1);
            if (object.key().equals(prefix + name) && Layout.isNumbered(name, Layout.PACK_SUFFIX)) {
                bytes.put(
                        Long.parseLong(name.substring(0, name.length() - Layout.PACK_SUFFIX.length())), object.bytes());
            }
        }
    }

    @Override
    public List<Long> numbers() {
        return List.copyOf(bytes.keySet());
    }

    @Override
    public Pack open(long number) throws IOException {
        String key = prefix + Layout.numbered(number, Layout.PACK_SUFFIX);
        Long length = bytes.get(number);
        if (length == null) {
            throw new CorruptFileException(Path.of(key), 0, "the pack is missing: no manifest names it");
        }
        return new CopiedPack(store, key, length);
    }

    private record CopiedPack(ObjectStore store, String key, long bytes) implements Pack {
        @Override
        public Path name() {
            return Path.of(key);
        }

        @Override
        public void read(long offset, ByteBuffer into) throws IOException {
            try (InputStream in = store.get(key, offset, into.remaining())) {
                byte[] read = in.readNBytes(into.remaining());
                into.put(read);
                if (into.hasRemaining()) {
                    throw new CorruptFileException(name(), offset + read.length, "the pack ends too early");
                }
            } catch (NoSuchFileException e) {
                throw new CorruptFileException(name(), 0, "the pack is missing");
            }
        }

        @Override
        public void close() {}
    }
}
