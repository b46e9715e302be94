package dev.evidencevault.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The local file system without syncs, for tests that do not pull the plug: a kill of the process loses nothing. */
public final class UnsyncedStorage implements Storage {
    private final LocalStorage disk = new LocalStorage();

    /** Creates the storage. */
    public UnsyncedStorage() {}

    @Override
    public void createDirectory(Path directory) throws IOException {
        disk.createDirectory(directory);
    }

    @Override
    public Appender create(Path file) throws IOException {
        Appender appender = disk.create(file);
        return new Appender() {
            @Override
            public void append(ByteBuffer bytes) throws IOException {
                appender.append(bytes);
            }

            @Override
            public void sync() {}

            @Override
            public void close() throws IOException {
                appender.close();
            }
        };
    }

    @Override
    public BlockFile openBlocks(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        return new BlockFile() {
            @Override
            public void write(long position, ByteBuffer blocks) throws IOException {
                long at = position;
                while (blocks.hasRemaining()) {
                    at += channel.write(blocks, at);
                }
            }

            @Override
            public void sync() {}

            @Override
            public void close() throws IOException {
                channel.close();
            }
        };
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        disk.rename(from, to);
    }

    @Override
    public void delete(Path file) throws IOException {
        disk.delete(file);
    }

    @Override
    public void syncDirectory(Path directory) {}
}
