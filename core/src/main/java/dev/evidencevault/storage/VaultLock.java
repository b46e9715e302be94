package dev.evidencevault.storage;

import java.io.Closeable;
import java.io.IOException;
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

/**
 * The right to write a vault, which one process has at a time. The operating system takes it back when the process ends,
 * however it ends; the text in the file only names the holder.
 */
public final class VaultLock implements Closeable {
    private static final int HOLDER_BYTES_MAX = 1000;

    private final FileChannel channel;

    private VaultLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes the lock.
     *
     * @throws VaultLockedException if another holds it
     */
    public static VaultLock acquire(Path file) throws IOException {
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            if (tryLock(channel) == null) {
                throw new VaultLockedException("the vault is being written by " + holder(file)
                        + "; wait for it or stop it. Searching, exporting and verifying work meanwhile.");
            }
            String holder = "process " + ProcessHandle.current().pid() + " since "
                    + Instant.now().truncatedTo(ChronoUnit.SECONDS) + "\n";
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(holder.getBytes(StandardCharsets.UTF_8)));
            return new VaultLock(channel);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** Says whether a process holds the lock now. Takes it for an instant to find out. */
    public static boolean isHeld(Path file) throws IOException {
        if (!Files.isRegularFile(file) || !Files.isWritable(file)) {
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
        byte[] text = Files.readAllBytes(file);
        return text.length == 0 || text.length > HOLDER_BYTES_MAX
                ? "another process"
                : new String(text, StandardCharsets.UTF_8).strip();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
