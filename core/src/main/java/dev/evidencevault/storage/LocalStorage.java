package dev.evidencevault.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** The local file system. The system calls stand at each method. */
public final class LocalStorage implements Storage {
    /** Creates the storage. */
    public LocalStorage() {}

    /** mkdir; the caller syncs the parent. */
    @Override
    public void createDirectory(Path directory) throws IOException {
        Files.createDirectory(directory);
    }

    /** open(O_CREAT|O_EXCL|O_WRONLY). */
    @Override
    public Appender create(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        return new Appender() {
            @Override
            public void append(ByteBuffer bytes) throws IOException {
                try {
                    while (bytes.hasRemaining()) {
                        channel.write(bytes);
                    }
                } catch (IOException e) {
                    throw named(file, "write", e);
                }
            }

            @Override
            public void sync() throws IOException {
                try {
                    channel.force(false);
                } catch (IOException e) {
                    throw named(file, "sync", e);
                }
            }

            @Override
            public void close() throws IOException {
                channel.close();
            }
        };
    }

    /** rename. */
    @Override
    public void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** unlink. */
    @Override
    public void delete(Path file) throws IOException {
        Files.deleteIfExists(file);
    }

    /** open(O_RDONLY), fsync, close. */
    @Override
    public void syncDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            throw named(directory, "sync", e);
        }
    }

    /** The JDK does not say which file a failed write or sync was of. */
    private static IOException named(Path file, String verb, IOException e) {
        return new IOException("cannot " + verb + " " + file + ": " + e.getMessage(), e);
    }
}
