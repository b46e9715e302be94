package dev.evidencevault.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The local file system. The system calls stand at each method. */
public final class LocalStorage implements Storage {
    private static final Logger LOG = LoggerFactory.getLogger(LocalStorage.class);

    /** {@code com.sun.nio.file.ExtendedOpenOption.DIRECT}, which not every Java platform has. */
    private static final @Nullable OpenOption DIRECT = direct();

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
        return new OpenFile(file, FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
    }

    /**
     * open(O_WRONLY|O_DIRECT), so that what is written once and read only after a crash does not push other data out of
     * memory; open(O_WRONLY) where the file system has no direct access or larger blocks.
     */
    @Override
    public BlockFile openBlocks(Path file) throws IOException {
        return new OpenFile(file, open(file));
    }

    /** An open file, as the one or the other. The JDK does not say which file a failed write or sync was of; this does. */
    private record OpenFile(Path file, FileChannel channel) implements Appender, BlockFile {
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
        public void write(long position, ByteBuffer blocks) throws IOException {
            try {
                long at = position;
                while (blocks.hasRemaining()) {
                    at += channel.write(blocks, at);
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
    }

    private static FileChannel open(Path file) throws IOException {
        try {
            if (DIRECT != null
                    && BlockFile.BLOCK_BYTES % Files.getFileStore(file).getBlockSize() == 0) {
                return FileChannel.open(file, StandardOpenOption.WRITE, DIRECT);
            }
        } catch (UnsupportedOperationException | FileSystemException e) {
            LOG.debug("{} is not written directly: {}", file, e.getMessage());
        }
        return FileChannel.open(file, StandardOpenOption.WRITE);
    }

    private static @Nullable OpenOption direct() {
        try {
            for (Object option :
                    Class.forName("com.sun.nio.file.ExtendedOpenOption").getEnumConstants()) {
                if (option.toString().equals("DIRECT")) {
                    return (OpenOption) option;
                }
            }
        } catch (ClassNotFoundException e) {
            LOG.debug("this Java platform writes no file directly", e);
        }
        return null;
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

    private static IOException named(Path file, String verb, IOException e) {
        return new IOException("cannot " + verb + " " + file + ": " + e.getMessage(), e);
    }
}
