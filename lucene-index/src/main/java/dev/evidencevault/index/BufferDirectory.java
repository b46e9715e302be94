package dev.evidencevault.index;

import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.lucene.store.BaseDirectory;
import org.apache.lucene.store.ByteBuffersDataInput;
import org.apache.lucene.store.ByteBuffersIndexInput;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.IndexOutput;
import org.apache.lucene.store.NoLockFactory;

/** A Lucene directory of parts of an array, to be read only. Nothing of it is on a disk. Safe for use by several threads. */
final class BufferDirectory extends BaseDirectory {
    private final Map<String, ByteBuffer> files;

    BufferDirectory(Map<String, ByteBuffer> files) {
        super(NoLockFactory.INSTANCE);
        this.files = Map.copyOf(files);
    }

    @Override
    public String[] listAll() {
        return files.keySet().stream().sorted().toArray(String[]::new);
    }

    @Override
    public long fileLength(String name) throws NoSuchFileException {
        return file(name).remaining();
    }

    @Override
    public IndexInput openInput(String name, IOContext context) throws NoSuchFileException {
        return new ByteBuffersIndexInput(new ByteBuffersDataInput(List.of(file(name))), name);
    }

    private ByteBuffer file(String name) throws NoSuchFileException {
        ByteBuffer file = files.get(name);
        if (file == null) {
            throw new NoSuchFileException(name);
        }
        return file.duplicate();
    }

    @Override
    public void deleteFile(String name) {
        throw readOnly();
    }

    @Override
    public IndexOutput createOutput(String name, IOContext context) {
        throw readOnly();
    }

    @Override
    public IndexOutput createTempOutput(String prefix, String suffix, IOContext context) {
        throw readOnly();
    }

    @Override
    public void sync(Collection<String> names) {
        throw readOnly();
    }

    @Override
    public void syncMetaData() {
        throw readOnly();
    }

    @Override
    public void rename(String source, String target) {
        throw readOnly();
    }

    @Override
    public Set<String> getPendingDeletions() {
        return Set.of();
    }

    @Override
    public void close() {}

    private static UnsupportedOperationException readOnly() {
        return new UnsupportedOperationException("a fragment is not written again");
    }
}
