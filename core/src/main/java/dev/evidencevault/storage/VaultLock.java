package dev.evidencevault.storage;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The right to write a vault, which one process has at a time. The operating system takes it back when the process ends,
 * however it ends; the text in the file only names the holder. Safe for use by several threads.
 *
 * <p>POSIX drops a process's locks on a file when the process closes any descriptor of it, so a lock file that this process
 * holds is never opened a second time: what is held here is remembered here.
 */
public final class VaultLock implements Closeable {
    private static final int HOLDER_BYTES_MAX = 1000;

    private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

    private final FileChannel channel;
    private final Path held;
    private final AtomicBoolean closed = new AtomicBoolean();

    private VaultLock(FileChannel channel, Path held) {
        this.channel = channel;
        this.held = held;
    }

    /**
     * Takes the lock.
     *
     * @throws VaultLockedException if another holds it
     */
    public static VaultLock acquire(Path file) throws IOException {
        Path held = identity(file);
        if (!HELD_HERE.add(held)) {
            throw locked("process " + ProcessHandle.current().pid() + ", which is this one");
        }
        FileChannel channel = null;
        try {
            channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            if (tryLock(channel) == null) {
                throw locked(holder(file));
            }
            writeHolder(file, channel);
            return new VaultLock(channel, held);
        } catch (IOException e) {
            HELD_HERE.remove(held);
            if (channel != null) {
                channel.close();
            }
            throw e;
        }
    }

    private static void writeHolder(Path file, FileChannel channel) throws IOException {
        String holder = "process " + ProcessHandle.current().pid() + " since "
                + Instant.now().truncatedTo(ChronoUnit.SECONDS) + "\n";
        try {
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(holder.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new IOException("cannot write " + file + ": " + e.getMessage(), e);
        }
    }

    private static VaultLockedException locked(String holder) {
        return new VaultLockedException("the vault is being written by " + holder
                + "; wait for it or stop it. Searching, exporting and verifying work meanwhile.");
    }

    private static Path identity(Path file) throws IOException {
        return Storage.directoryOf(file).toRealPath().resolve(file.getFileName());
    }

    /** Says whether a process holds the lock now. Takes it for an instant to find out. */
    public static boolean isHeld(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        if (HELD_HERE.contains(identity(file))) {
            return true;
        }
        if (!Files.isWritable(file)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            return tryLock(channel) == null;
        }
    }

    private static @org.jspecify.annotations.Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static String holder(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] text = in.readNBytes(HOLDER_BYTES_MAX);
            return text.length == 0 || text.length == HOLDER_BYTES_MAX
                    ? "another process"
                    : new String(text, StandardCharsets.UTF_8).strip();
        }
    }

    @Override
    public void close() throws IOException {
        // Once: by the second time another may hold it.
        if (closed.compareAndSet(false, true)) {
            try {
                channel.close();
            } finally {
                HELD_HERE.remove(held);
            }
        }
    }
}
