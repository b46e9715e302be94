package dev.evidencevault;

import dev.evidencevault.journal.CommitBuffer;
import dev.evidencevault.journal.JournalWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts commits on disk in their order and completes the receipts: all that are ready are written, then one sync makes them
 * durable. A small commit is written by the thread that made it; while a large one is written by a thread of its own, the
 * next is made. A failed write or sync ends it, and nothing is tried again: after a failed fsync the kernel may have
 * dropped the pages.
 */
final class CommitWriter {
    private static final Logger LOG = LoggerFactory.getLogger(CommitWriter.class);

    /** Smaller commits are made faster than a thread is woken. */
    static final long LARGE_BYTES = 128 << 10;

    private static final int BUFFERS = 2;

    private final Consumer<Throwable> failed;
    private final WriterMeters meters;
    private final Object lock = new Object();

    // Guarded by the lock.
    private final Deque<CommitBuffer> free = new ArrayDeque<>();
    private final Deque<Group> ready = new ArrayDeque<>();
    private final List<JournalWriter> closing = new ArrayList<>();
    private boolean busy;
    private boolean ended;
    private @Nullable VaultFailedException failure;
    private @Nullable Thread thread;

    private volatile long synced;

    /**
     * A commit that is ready to be written.
     *
     * @param file the file with room for it
     * @param buffer where it was made
     * @param blocks its bytes
     * @param appends who waits for it
     * @param records how many records it has
     * @param number its number
     * @param oldestNanos when the first of the appends was called
     */
    record Group(
            JournalWriter file,
            CommitBuffer buffer,
            ByteBuffer blocks,
            List<Append> appends,
            long records,
            long number,
            long oldestNanos) {}

    /**
     * Creates the writer.
     *
     * @param buffers makes a buffer
     * @param failed is told, once, what went wrong
     */
    CommitWriter(java.util.function.Supplier<CommitBuffer> buffers, WriterMeters meters, Consumer<Throwable> failed) {
        this.failed = failed;
        this.meters = meters;
        for (int i = 0; i < BUFFERS; i++) {
            free.add(buffers.get());
        }
    }

    /** Returns the last commit that is known to be on disk; 0 if there is none. */
    long synced() {
        return synced;
    }

    /** Says whether nothing is being written. */
    boolean isIdle() {
        synchronized (lock) {
            return !busy && ready.isEmpty();
        }
    }

    /** Waits until nothing is being written, or {@code more} says that there is enough for another commit. */
    void awaitIdleOr(java.util.function.BooleanSupplier more) {
        synchronized (lock) {
            while ((busy || !ready.isEmpty()) && failure == null && !more.getAsBoolean()) {
                Daemon.await(lock, 1);
            }
        }
    }

    /** Returns a buffer for the next commit; waits until one is free. Null if the writer has failed. */
    @Nullable
    CommitBuffer buffer() {
        synchronized (lock) {
            while (free.isEmpty() && failure == null) {
                Daemon.await(lock, 0);
            }
            return failure != null ? null : free.removeFirst();
        }
    }

    /** Takes a buffer back in which no commit was made. */
    void giveBack(CommitBuffer buffer) {
        synchronized (lock) {
            free.addLast(buffer);
        }
    }

    /** Closes a file as soon as all commits in it are written. */
    void closeAfterwards(JournalWriter file) {
        synchronized (lock) {
            if (busy || !ready.isEmpty()) {
                closing.add(file);
                return;
            }
        }
        closeAll(List.of(file));
    }

    /** Writes a commit: here and now if nothing else is being written and it is small, else soon, by another thread. */
    void write(Group group) {
        synchronized (lock) {
            if (failure == null && (busy || !ready.isEmpty() || group.blocks().remaining() >= LARGE_BYTES)) {
                ready.addLast(group);
                if (thread == null) {
                    thread = Daemon.start("evault-journal", this::run);
                }
                lock.notifyAll();
                return;
            }
            busy = true;
        }
        put(List.of(group));
    }

    private void run() {
        while (true) {
            List<Group> groups;
            synchronized (lock) {
                while (ready.isEmpty() || busy) {
                    if (ended && ready.isEmpty()) {
                        return;
                    }
                    Daemon.await(lock, 0);
                }
                groups = new ArrayList<>(ready);
                ready.clear();
                busy = true;
            }
            put(groups);
        }
    }

    private void put(List<Group> groups) {
        VaultFailedException reason;
        synchronized (lock) {
            reason = failure;
        }
        if (reason == null) {
            try {
                sync(groups);
            } catch (IOException | RuntimeException | Error e) {
                reason = fail(e);
            }
        }
        synchronized (lock) {
            groups.forEach(group -> free.addLast(group.buffer()));
            lock.notifyAll();
        }
        for (Group group : groups) {
            for (Append append : group.appends()) {
                if (reason == null) {
                    append.complete();
                } else {
                    append.fail(reason);
                }
            }
        }
        List<JournalWriter> closable = List.of();
        synchronized (lock) {
            busy = false;
            if (ready.isEmpty() && !closing.isEmpty()) {
                closable = List.copyOf(closing);
                closing.clear();
            }
            lock.notifyAll();
        }
        closeAll(closable);
    }

    private static void closeAll(List<JournalWriter> files) {
        for (JournalWriter file : files) {
            try {
                file.close();
            } catch (IOException e) {
                LOG.warn("{} did not close; all of it is synced", file.file(), e);
            }
        }
    }

    private void sync(List<Group> groups) throws IOException {
        long begin = System.nanoTime();
        JournalWriter file = groups.get(0).file();
        long bytes = 0;
        for (Group group : groups) {
            if (group.file() != file) {
                file.sync();
                file = group.file();
            }
            bytes += group.blocks().remaining();
            file.write(group.blocks());
        }
        file.sync();
        // The commit point has passed: everything below is about memory.
        synced = groups.get(groups.size() - 1).number();
        meters.committed(groups, bytes, begin);
    }

    private VaultFailedException fail(Throwable cause) {
        VaultFailedException reason = VaultFailedException.stopped(cause);
        synchronized (lock) {
            if (failure == null) {
                failure = reason;
            }
            lock.notifyAll();
        }
        failed.accept(cause);
        return reason;
    }

    /** Waits until a commit and all before it are on disk. */
    void awaitSynced(long commit) throws IOException {
        synchronized (lock) {
            while (synced < commit && failure == null) {
                Daemon.await(lock, 0);
            }
            if (failure != null) {
                throw new IOException(failure.getMessage(), failure);
            }
        }
    }

    /** Waits until all is written, and ends the thread. */
    void close() {
        Thread writing;
        synchronized (lock) {
            ended = true;
            lock.notifyAll();
            writing = thread;
        }
        if (writing != null) {
            Daemon.join(writing);
        }
    }
}
