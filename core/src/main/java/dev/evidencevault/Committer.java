package dev.evidencevault;

import dev.evidencevault.format.RecordBody;
import dev.evidencevault.format.Timestamps;
import dev.evidencevault.journal.JournalWriter;
import dev.evidencevault.segment.PlacedRecord;
import dev.evidencevault.storage.Layout;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread through which events become durable: takes what waits, writes it as one commit, syncs once, then
 * completes the receipts. While it does so, the next events gather.
 *
 * <p>A failed write or sync ends it: what was not acknowledged fails, every later append fails, and nothing is tried
 * again (after a failed fsync the kernel may have dropped the pages).
 */
final class Committer {
    private static final Logger LOG = LoggerFactory.getLogger(Committer.class);

    /** How many journal files may wait for the sealer, whose records are in memory, before commits wait, too. */
    private static final int SEAL_JOBS_MAX = 3;

    private final Layout layout;
    private final VaultOptions options;
    private final SecureRandom random;
    private final Sealer sealer;
    private final ExecutorService sealing;
    private final Thread thread;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition something = lock.newCondition();
    private final Condition room = lock.newCondition();
    private List<Pending> queue = new ArrayList<>();
    private long queuedBytes;
    private List<CompletableFuture<Void>> sealRequests = new ArrayList<>();
    private boolean closing;
    private @Nullable VaultFailedException failure;

    /** Belongs to the thread. */
    private final List<LogState> dirty = new ArrayList<>();

    private @Nullable JournalWriter journal;
    /** No journal file is there when a vault has been opened. */
    private long nextJournal = 1;

    private long sealDeadline = Long.MAX_VALUE;
    private final Deque<Future<?>> sealJobs = new ArrayDeque<>();

    private record Pending(LogState log, RecordBody body, CompletableFuture<Receipt> receipt) {}

    Committer(Layout layout, VaultOptions options, SecureRandom random, Sealer sealer) {
        this.layout = layout;
        this.options = options;
        this.random = random;
        this.sealer = sealer;
        this.sealing = Executors.newSingleThreadExecutor(task -> daemon(task, "evault-seal"));
        this.thread = daemon(this::run, "evault-commit");
        this.thread.start();
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Queues a record; blocks while the queue is full. */
    CompletableFuture<Receipt> append(LogState log, RecordBody body) {
        CompletableFuture<Receipt> receipt = new CompletableFuture<>();
        lock.lock();
        try {
            while (queuedBytes >= options.queueBytesMax() && failure == null && !closing) {
                room.awaitUninterruptibly();
            }
            requireOpen();
            queue.add(new Pending(log, body, receipt));
            queuedBytes += body.tail().length();
            something.signal();
        } finally {
            lock.unlock();
        }
        return receipt;
    }

    /** Asks that everything appended so far be sealed and anchored. */
    CompletableFuture<Void> seal() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        lock.lock();
        try {
            requireOpen();
            sealRequests.add(done);
            something.signal();
        } finally {
            lock.unlock();
        }
        return done;
    }

    private void requireOpen() {
        VaultFailedException failed = failure;
        if (failed != null) {
            throw new VaultFailedException(String.valueOf(failed.getMessage()), failed);
        }
        if (closing) {
            throw new VaultFailedException("the vault is closed");
        }
    }

    /** Commits and seals what waits and ends the threads. Fails if the vault has failed. */
    void close() throws IOException {
        lock.lock();
        try {
            closing = true;
            something.signal();
            room.signalAll();
        } finally {
            lock.unlock();
        }
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        sealing.shutdown();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        VaultFailedException failed = failure;
        if (failed != null) {
            throw new IOException(failed.getMessage(), failed);
        }
    }

    private void run() {
        try {
            while (step()) {}
        } catch (IOException | RuntimeException | Error e) {
            fail(e);
        } finally {
            closeJournal();
        }
    }

    /** One round: a commit, a cut if one is due. Says whether there is to be another. */
    private boolean step() throws IOException {
        List<Pending> batch;
        List<CompletableFuture<Void>> requests;
        boolean last;
        lock.lock();
        try {
            while (queue.isEmpty() && sealRequests.isEmpty() && !closing && !sealIsDue()) {
                try {
                    long wait = sealDeadline == Long.MAX_VALUE
                            ? TimeUnit.HOURS.toNanos(1)
                            : Math.max(1, sealDeadline - System.nanoTime());
                    something.awaitNanos(wait);
                } catch (InterruptedException e) {
                    LOG.warn("the committing thread was interrupted, which has no effect");
                }
            }
            batch = queue;
            requests = sealRequests;
            last = closing;
            queue = new ArrayList<>(Math.max(16, batch.size()));
            sealRequests = new ArrayList<>();
            queuedBytes = 0;
            room.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            checkSealer();
            if (!batch.isEmpty()) {
                commit(batch);
            }
            if (last
                    || !requests.isEmpty()
                    || sealIsDue()
                    || journal != null && journal.recordBytes() >= options.journalBytesMax()) {
                cut();
            }
            if (last || !requests.isEmpty()) {
                awaitSealer();
                requests.forEach(request -> request.complete(null));
            }
        } catch (IOException | RuntimeException | Error e) {
            VaultFailedException failed = fail(e);
            batch.forEach(pending -> pending.receipt().completeExceptionally(failed));
            requests.forEach(request -> request.completeExceptionally(failed));
            throw e;
        }
        return !last;
    }

    private boolean sealIsDue() {
        return System.nanoTime() - sealDeadline >= 0 && sealDeadline != Long.MAX_VALUE;
    }

    private void commit(List<Pending> batch) throws IOException {
        long now = Timestamps.nanos(options.clock().instant());
        Map<LogState, List<PlacedRecord>> placed = new LinkedHashMap<>();
        Receipt[] receipts = new Receipt[batch.size()];
        for (int i = 0; i < receipts.length; i++) {
            Pending pending = batch.get(i);
            PlacedRecord record = pending.log().place(pending.body(), now);
            placed.computeIfAbsent(pending.log(), log -> new ArrayList<>()).add(record);
            receipts[i] = new Receipt(record.seq(), Timestamps.instant(record.recordedAt()));
        }
        if (journal == null) {
            journal = new JournalWriter(layout.journal(nextJournal), nextJournal, options.storage(), random);
            nextJournal++;
            sealDeadline = System.nanoTime()
                    + TimeUnit.MILLISECONDS.toNanos(options.sealAfter().toMillis());
        }
        List<JournalWriter.TenantLines> lines = new ArrayList<>(placed.size());
        placed.forEach((log, records) -> lines.add(new JournalWriter.TenantLines(
                log.logId(),
                log.keys(),
                records.get(0).seq(),
                records.stream().map(record -> record.line().bytes()).toList())));
        journal.commit(lines);
        // The commit point has passed: everything below is about memory.
        placed.forEach((log, records) -> {
            if (!log.hasUnsealed()) {
                dirty.add(log);
            }
            records.forEach(log::keep);
        });
        for (int i = 0; i < receipts.length; i++) {
            batch.get(i).receipt().complete(receipts[i]);
        }
    }

    /** Hands all that is durable and not handed over yet to the sealer; waits if too much lies there already. */
    private void cut() throws IOException {
        sealDeadline = Long.MAX_VALUE;
        JournalWriter finished = journal;
        if (finished == null) {
            return;
        }
        while (sealJobs.size() >= SEAL_JOBS_MAX) {
            Uninterrupted.get(sealJobs.remove());
        }
        long now = Timestamps.nanos(options.clock().instant());
        Map<LogState, List<LogState.Run>> runs = new LinkedHashMap<>();
        dirty.forEach(log -> runs.put(log, List.of(log.cut(now))));
        dirty.clear();
        finished.close();
        journal = null;
        List<Path> journals = List.of(finished.file());
        sealJobs.add(sealing.submit(() -> {
            sealer.seal(runs, List.of(), journals, now);
            return runs;
        }));
    }

    /** Fails if sealing has failed: what is not sealed any more must not grow unnoticed. */
    private void checkSealer() throws IOException {
        Future<?> oldest = sealJobs.peek();
        while (oldest != null && oldest.isDone()) {
            Uninterrupted.get(sealJobs.remove());
            oldest = sealJobs.peek();
        }
    }

    private void awaitSealer() throws IOException {
        while (!sealJobs.isEmpty()) {
            Uninterrupted.get(sealJobs.remove());
        }
    }

    private VaultFailedException fail(Throwable cause) {
        lock.lock();
        try {
            VaultFailedException failed = failure;
            if (failed == null) {
                failed = new VaultFailedException(
                        "the vault stopped writing: " + cause.getMessage()
                                + ". Events without a receipt may be lost; close the vault, mend the cause (a full disk?)"
                                + " and open it again.",
                        cause);
                failure = failed;
                LOG.error("the vault stopped writing", cause);
            }
            VaultFailedException reason = failed;
            queue.forEach(pending -> pending.receipt().completeExceptionally(reason));
            sealRequests.forEach(request -> request.completeExceptionally(reason));
            queue.clear();
            sealRequests.clear();
            room.signalAll();
            return failed;
        } finally {
            lock.unlock();
        }
    }

    private void closeJournal() {
        JournalWriter open = journal;
        journal = null;
        try {
            if (open != null) {
                open.close();
            }
        } catch (IOException e) {
            LOG.warn("a journal file did not close", e);
        }
    }
}
