package dev.evidencevault.crypto.file;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file that is being written, and has its name only once it is whole: until then it lies beside it under another, readable
 * to its owner only, as it stays. For one thread.
 *
 * <pre>{@code
 * try (PendingFile file = PendingFile.create(target)) {
 *     file.out().write(bytes);
 *     file.commit();
 * }
 * }</pre>
 *
 * <p>What is not committed is deleted by {@link #close}. A process that is killed before leaves a file whose name begins with
 * a dot and ends in {@code .tmp}.
 */
public final class PendingFile implements Closeable {
    private static final int BUFFER_BYTES = 1 << 16;

    private final Path target;
    private final Path pending;
    private final FileChannel channel;
    private final OutputStream out;
    private boolean committed;

    private PendingFile(Path target, Path pending, FileChannel channel) {
        this.target = target;
        this.pending = pending;
        this.channel = channel;
        this.out = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER_BYTES);
    }

    /**
     * Begins a file.
     *
     * @throws FileAlreadyExistsException if there is one of that name: nothing is replaced
     * @throws IOException if its directory does not exist or cannot be written to
     */
    public static PendingFile create(Path target) throws IOException {
        if (Files.exists(target)) {
            throw new FileAlreadyExistsException(target.toString());
        }
        Path directory = directory(target);
        Path pending = Files.createTempFile(directory, "." + target.getFileName() + "-", ".tmp");
        try {
            return new PendingFile(target, pending, FileChannel.open(pending, StandardOpenOption.WRITE));
        } catch (IOException e) {
            Files.deleteIfExists(pending);
            throw e;
        }
    }

    private static Path directory(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        if (parent == null) {
            throw new IllegalArgumentException("expected the path of a file, found " + file);
        }
        return parent;
    }

    /** Returns where the content goes. It is buffered, and closed with this. */
    public OutputStream out() {
        return out;
    }

    /** Returns the same file without the buffer: for who writes to it alone. */
    public FileChannel channel() {
        return channel;
    }

    /**
     * Gives the file its name: content to the disk, rename, directory to the disk, in this order. The rename is the commit
     * point.
     *
     * @throws FileAlreadyExistsException if there is one of that name by now
     */
    public void commit() throws IOException {
        out.flush();
        channel.force(true);
        channel.close();
        Files.move(pending, target);
        committed = true;
        try (FileChannel parent = FileChannel.open(directory(target), StandardOpenOption.READ)) {
            parent.force(true);
        }
    }

    /** Deletes the file unless it was committed. */
    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            if (!committed) {
                Files.deleteIfExists(pending);
            }
        }
    }
}
