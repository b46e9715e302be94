package dev.evidencevault.benchmarks.targets;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One file of lines for all tenants, with group commit: one thread writes all that waits at once and calls fdatasync
 * once, while the next lines gather in the other of two buffers. Nothing is made for an event: callers wait for a number
 * of lines that are durable. Callers wait, too, while the buffer is full.
 */
final class GroupCommitTarget implements AppendTarget {
    private static final int BUFFER_BYTES = 8 << 20;

    private final FileChannel channel;
    private final String[] tenants;
    private final Thread thread = new Thread(this::run, "group-commit");

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition something = lock.newCondition();
    private final Condition committed = lock.newCondition();
    private ByteBuffer filling = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private ByteBuffer spare = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private List<Runnable> waiting = new ArrayList<>();
    private List<Runnable> spareWaiting = new ArrayList<>();
    private long appendedLines;
    private long durableLines;
    private boolean idle;
    private boolean closing;
    private @Nullable IOException failure;

    GroupCommitTarget(Path directory, int tenants) throws IOException {
        Files.createDirectory(directory);
        this.channel = FileChannel.open(
                directory.resolve(RawFileTarget.FILE),
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.WRITE,
                StandardOpenOption.APPEND);
        this.tenants = AppendTarget.tenantNames(tenants);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public Producer producer() {
        return new GroupProducer();
    }

    private void run() {
        while (commit()) {
            // Goes on until it is closed and nothing waits.
        }
    }

    /** Makes what waits durable; returns false at the end. */
    private boolean commit() {
        ByteBuffer bytes;
        List<Runnable> done;
        long lines;
        lock.lock();
        try {
            while (filling.position() == 0 && !closing) {
                idle = true;
                something.awaitUninterruptibly();
                idle = false;
            }
            if (filling.position() == 0 || failure != null) {
                return false;
            }
            bytes = filling;
            filling = spare;
            spare = bytes;
            done = waiting;
            waiting = spareWaiting;
            spareWaiting = done;
            lines = appendedLines;
            committed.signalAll();
        } finally {
            lock.unlock();
        }
        IOException failed = null;
        try {
            bytes.flip();
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(false);
            bytes.clear();
            done.forEach(Runnable::run);
            done.clear();
        } catch (IOException e) {
            failed = e;
        }
        lock.lock();
        try {
            failure = failed;
            durableLines = lines;
            committed.signalAll();
            return failed == null;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void settle() {}

    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            closing = true;
            something.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while the last lines were written");
        } finally {
            channel.close();
        }
    }

    private final class GroupProducer implements Producer {
        private final EventLine line = new EventLine();
        private long last;

        @Override
        public void append(int tenant, Sample sample) throws IOException {
            append(tenant, sample, null);
        }

        @Override
        public void append(int tenant, Sample sample, @Nullable Runnable done) throws IOException {
            // The number is not unique when there are several producers; a line is encoded outside the lock.
            int length = line.encode(tenants[tenant], last, sample);
            lock.lock();
            try {
                while (filling.remaining() < length && failure == null) {
                    committed.awaitUninterruptibly();
                }
                check();
                filling.put(line.array(), 0, length);
                if (done != null) {
                    waiting.add(done);
                }
                last = ++appendedLines;
                if (idle) {
                    something.signal();
                }
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void awaitDone() throws IOException {
            lock.lock();
            try {
                while (durableLines < last && failure == null) {
                    committed.awaitUninterruptibly();
                }
                check();
            } finally {
                lock.unlock();
            }
        }

        private void check() throws IOException {
            if (failure != null) {
                throw new IOException("a commit failed", failure);
            }
        }

        @Override
        public void close() {}
    }
}
