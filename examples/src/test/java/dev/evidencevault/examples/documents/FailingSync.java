package dev.evidencevault.examples.documents;

import dev.evidencevault.storage.LocalStorage;
import dev.evidencevault.storage.Storage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** The local file system, whose syncs fail from a moment on. */
final class FailingSync implements Storage {
    private final Storage local = new LocalStorage();
    private volatile boolean failing;

    void failFromNowOn() {
        failing = true;
    }

    private void requireWorking() throws IOException {
        if (failing) {
            throw new IOException("the disk is gone");
        }
    }

    @Override
    public void createDirectory(Path directory) throws IOException {
        local.createDirectory(directory);
    }

    @Override
    public Appender create(Path file) throws IOException {
        Appender appender = local.create(file);
        return new Appender() {
            @Override
            public void append(ByteBuffer bytes) throws IOException {
                appender.append(bytes);
            }

            @Override
            public void sync() throws IOException {
                requireWorking();
                appender.sync();
            }

            @Override
            public void close() throws IOException {
                appender.close();
            }
        };
    }

    @Override
    public BlockFile openBlocks(Path file) throws IOException {
        BlockFile blocks = local.openBlocks(file);
        return new BlockFile() {
            @Override
            public void write(long position, ByteBuffer bytes) throws IOException {
                blocks.write(position, bytes);
            }

            @Override
            public void sync() throws IOException {
                requireWorking();
                blocks.sync();
            }

            @Override
            public void close() throws IOException {
                blocks.close();
            }
        };
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        local.rename(from, to);
    }

    @Override
    public void delete(Path file) throws IOException {
        local.delete(file);
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        requireWorking();
        local.syncDirectory(directory);
    }
}
