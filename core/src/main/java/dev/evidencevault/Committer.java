package dev.evidencevault;

import dev.evidencevault.format.Gap;
import dev.evidencevault.format.RecordBody;
import dev.evidencevault.format.Timestamps;
import dev.evidencevault.journal.CommitBuffer;
import dev.evidencevault.journal.JournalFiles;
import dev.evidencevault.journal.JournalWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread through which events become durable: takes what waits, gives each record its place, encrypts one frame
 * for each log, and hands the commit to the {@link CommitWriter}. While that syncs, the next events gather. From time to
 * time it cuts the runs of records that are not sealed yet and hands them to the {@link Sealer}.
 *
 * <p>A failure of the one or the other ends it: what was not acknowledged fails, and so does every later append.
 */
final class Committer {
    private static final Logger LOG = LoggerFactory.getLogger(Committer.class);

    private static final long FIRST_JOURNAL_BYTES = 1 << 20;

    /** By how much a journal file is larger than the one before. */
    private static final int JOURNAL_GROWTH = 4;

    /** From so much on records are sealed, for each log that has some: smaller segments cost more for each record. */
    private static final long SEALED_BYTES_PER_LOG = 4 << 20;

    private static final long SEALED_BYTES_MIN = 32 << 20;

    /** How often, at most, refusals are recorded. */
    private static final long GAP_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final VaultOptions options;
    private final JournalFiles files;
    private final Sealer sealer;
    private final WriterMeters meters;
    private final AppendQueue queue;
    private final CommitWriter writer;
    private final Queue<LogState> inUse;
    private final BlockPool pool;
    private final Queue<LogState> refusing = new ConcurrentLinkedQueue<>();
    private final Thread thread;
    private volatile @Nullable VaultFailedException failure;
    private volatile boolean closing;
    private volatile boolean hurrying;
    private volatile long oldestUnsealedNanos = Long.MAX_VALUE;

    private final Object requestLock = new Object();
    private List<CompletableFuture<Void>> sealRequests = new ArrayList<>();

    // What follows belongs to the thread.
    private final List<LogState> dirty = new ArrayList<>();
    private final List<LogState> touched = new ArrayList<>();
    private final List<Finished> finished = new ArrayList<>();
    private @Nullable JournalWriter journal;
    private @Nullable CompletableFuture<JournalWriter> nextJournal;
    private long journalBytes;
    private CompletableFuture<Void> lastJob = CompletableFuture.completedFuture(null);
    private long commits;
    private long runBytes;
    private long sealDeadline = Long.MAX_VALUE;
    private long gapDeadline = Long.MIN_VALUE;
    private long restDeadline;

    /** A journal file that is full. */
    private record Finished(Path file, long length) {}

    Committer(
            VaultOptions options,
            JournalFiles files,
            SecureRandom random,
            Sealer sealer,
            WriterMeters meters,
            Queue<LogState> inUse,
            BlockPool pool) {
        this.options = options;
        this.files = files;
        this.sealer = sealer;
        this.meters = meters;
        this.inUse = inUse;
        this.pool = pool;
        this.queue = new AppendQueue(options.queueBytesMax());
        this.writer = new CommitWriter(() -> new CommitBuffer(random), meters, this::fail);
        this.journalBytes = Math.min(FIRST_JOURNAL_BYTES, options.journalBytesMax());
        this.restDeadline = System.nanoTime() + options.idleAfter().toNanos();
        this.thread = Daemon.of("evault-commit", this::run);
    }

    /**
     * Starts.
     *
     * @param recovered what was recovered and is to be sealed, with so many bytes of records; null if nothing was
     */
    void start(Sealer.@Nullable Job recovered, long bytes) {
        sealer.start(this::fail);
        if (recovered != null) {
            meters.addUnsealed(bytes);
            lastJob = sealer.submit(recovered);
        }
        thread.start();
    }

    /**
     * Queues an append.
     *
     * @throws AppendRefusedException if the queue is full and the options say to refuse then
     * @throws VaultFailedException if the vault has failed or was closed
     */
    void append(Append append, String tenant) {
        requireOpen();
        switch (queue.put(append, options.backPressure() == BackPressure.BLOCK)) {
            case DONE -> {}
            case FULL ->
                throw refuse(
                        append.log(),
                        append.log().allowance(new Allowance(tenant, TenantQuota.UNLIMITED, now())),
                        AppendRefusedException.Reason.QUEUE,
                        append.count(),
                        "more than " + options.queueBytesMax() + " bytes of events wait for the disk");
            case CLOSED -> {
                requireOpen();
                throw new VaultFailedException("the vault is closed");
            }
        }
    }

    /** Notes that events were refused, and returns what to throw. */
    AppendRefusedException refuse(
            LogState log, Allowance allowance, AppendRefusedException.Reason reason, int events, String message) {
        meters.refused(reason, events);
        if (allowance.refuse(reason, now(), events)) {
            refusing.add(log);
            queue.wake();
        }
        return new AppendRefusedException(
                reason, message + "; append again later. A record in the tenant's log will tell what was refused.");
    }

    long now() {
        return Timestamps.nanos(options.clock().instant());
    }

    /** Asks that everything appended so far be sealed and anchored. */
    CompletableFuture<Void> seal() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        synchronized (requestLock) {
            requireOpen();
            sealRequests.add(done);
        }
        queue.wake();
        return done;
    }

    private void requireOpen() {
        VaultFailedException failed = failure;
        if (failed != null) {
            throw new VaultFailedException(failed.getMessage(), failed);
        }
        if (closing) {
            throw new VaultFailedException("the vault is closed");
        }
    }

    VaultStatus status() {
        long oldest = oldestUnsealedNanos;
        long anchored = sealer.lastAnchorTime();
        return new VaultStatus(
                meters.events(),
                queue.records(),
                queue.bytes(),
                meters.unsealedBytes(),
                java.time.Duration.ofNanos(
                        oldest == Long.MAX_VALUE || meters.unsealedBytes() == 0
                                ? 0
                                : Math.max(0, System.nanoTime() - oldest)),
                anchored == Long.MIN_VALUE ? null : Timestamps.instant(anchored),
                meters.refusedEvents(),
                failure != null);
    }

    /** Commits and seals what waits and ends the threads. Fails if the vault has failed. */
    void close() throws IOException {
        closing = true;
        queue.close();
        Daemon.join(thread);
        writer.close();
        sealer.close();
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
            failWaiting();
            closeJournal();
        }
    }

    /** One round: a commit, a cut if one is due. Says whether there is to be another. */
    private boolean step() throws IOException {
        awaitWork();
        boolean last = closing;
        List<CompletableFuture<Void>> requests;
        synchronized (requestLock) {
            requests = sealRequests;
            sealRequests = new ArrayList<>();
        }
        boolean urgent = last || !requests.isEmpty();
        try {
            hurrying = urgent;
            if (failure != null) {
                throw new IOException(failure.getMessage(), failure);
            }
            commit(urgent);
            if (urgent || cutIsDue()) {
                if (last) {
                    files.keepNone();
                }
                cut(urgent);
                if (urgent) {
                    await(lastJob);
                    requests.forEach(request -> request.complete(null));
                }
            }
            letRest();
        } catch (IOException | RuntimeException | Error e) {
            fail(e);
            VaultFailedException reason = VaultFailedException.stopped(e);
            requests.forEach(request -> request.completeExceptionally(reason));
            return false;
        } finally {
            hurrying = false;
        }
        return !last;
    }

    private void awaitWork() {
        while (queue.isEmpty() && !isUrgent() && failure == null && !sealIsDue() && !gapsAreDue() && !restIsDue()) {
            long until = Math.min(sealDeadline, inUse.isEmpty() ? Long.MAX_VALUE : restDeadline);
            until = refusing.isEmpty() ? until : Math.min(until, gapDeadline);
            long nanos = until == Long.MAX_VALUE ? TimeUnit.HOURS.toNanos(1) : until - System.nanoTime();
            queue.sleep(Math.max(1, nanos), () -> isUrgent() || failure != null || gapsAreDue());
        }
    }

    private boolean isUrgent() {
        synchronized (requestLock) {
            return closing || !sealRequests.isEmpty();
        }
    }

    private boolean sealIsDue() {
        return sealDeadline != Long.MAX_VALUE && System.nanoTime() - sealDeadline >= 0;
    }

    private boolean gapsAreDue() {
        return !refusing.isEmpty() && (gapDeadline == Long.MIN_VALUE || System.nanoTime() - gapDeadline >= 0);
    }

    private boolean restIsDue() {
        return !inUse.isEmpty() && System.nanoTime() - restDeadline >= 0;
    }

    private boolean cutIsDue() {
        if (runBytes == 0) {
            return false;
        }
        long half = options.unsealedBytesMax() / 2;
        long enough = Math.min(Math.max(SEALED_BYTES_MIN, dirty.size() * SEALED_BYTES_PER_LOG), half);
        return sealIsDue() || runBytes >= half || runBytes >= enough && sealer.isIdle();
    }

    /** Waits until there is room for more unsealed records. */
    private void awaitRoom() throws IOException {
        while (meters.unsealedBytes() >= options.unsealedBytesMax() && failure == null) {
            if (sealer.isIdle() && runBytes > 0) {
                cut(false);
            }
            LockSupport.parkNanos(this, POLL_NANOS);
        }
    }

    private void commit(boolean urgent) throws IOException {
        if (queue.isEmpty() && refusing.isEmpty()) {
            return;
        }
        awaitRoom();
        writer.awaitIdleOr(() -> queue.bytes() >= CommitWriter.LARGE_BYTES);
        CommitBuffer buffer = writer.buffer();
        if (buffer == null) {
            return;
        }
        AppendQueue.Taken taken = queue.take();
        List<Append> appends = withGaps(taken.appends(), urgent);
        if (appends.isEmpty()) {
            writer.giveBack(buffer);
            return;
        }
        place(appends);
        long bytes = 0;
        long records = 0;
        int frames = 0;
        for (LogState log : touched) {
            bytes += log.commitBytes();
            records += log.commitCount();
            frames += log.commitFrames();
        }
        try {
            JournalWriter file = room(CommitBuffer.bytes(frames, bytes));
            buffer.begin(file, commits, writer.synced(), frames, bytes);
            for (LogState log : touched) {
                log.frame(buffer, file);
            }
            runBytes += bytes;
            meters.addUnsealed(bytes);
            if (sealDeadline == Long.MAX_VALUE) {
                sealDeadline = System.nanoTime() + options.sealAfter().toNanos();
                oldestUnsealedNanos = taken.oldestNanos();
            }
            writer.write(new CommitWriter.Group(
                    file, buffer, buffer.finish(), appends, records, commits, taken.oldestNanos()));
        } catch (IOException | RuntimeException | Error e) {
            VaultFailedException reason = VaultFailedException.stopped(e);
            appends.forEach(append -> append.fail(reason));
            throw e;
        }
    }

    /** Gives every record its place in memory; it has none on disk yet. */
    private void place(List<Append> appends) {
        commits++;
        touched.clear();
        RecordBody.Stamp now = new RecordBody.Stamp(now());
        for (Append append : appends) {
            LogState log = append.log();
            if (!log.isIn(commits)) {
                touched.add(log);
                if (!log.hasUnsealed()) {
                    dirty.add(log);
                }
            }
            append.place(now);
        }
    }

    private List<Append> withGaps(List<Append> appends, boolean urgent) {
        if (!gapsAreDue() && !(urgent && !refusing.isEmpty())) {
            return appends;
        }
        gapDeadline = System.nanoTime() + GAP_NANOS;
        List<Append> all = new ArrayList<>(appends);
        for (LogState log = refusing.poll(); log != null; log = refusing.poll()) {
            Allowance allowance = log.allowance();
            Gap gap = allowance == null ? null : allowance.tell();
            if (gap != null) {
                LOG.warn("{} events were refused", gap.events());
                all.add(new Append.Refusals(log, gap.toBody()));
            }
        }
        return all;
    }

    /** Returns a journal file in which room for so many bytes is reserved. */
    private JournalWriter room(long bytes) throws IOException {
        JournalWriter current = journal;
        if (current != null && current.reserve(bytes)) {
            if (nextJournal == null && current.room() < current.length() / 2) {
                prepareNext();
            }
            return current;
        }
        if (current != null) {
            finished.add(new Finished(current.file(), current.length()));
            // Its last commits may not be written yet: whoever writes them closes it.
            writer.closeAfterwards(current);
            journal = null;
        }
        CompletableFuture<JournalWriter> prepared = nextJournal;
        nextJournal = null;
        if (prepared != null) {
            JournalWriter next = await(prepared);
            journal = next;
            if (next.reserve(bytes)) {
                return next;
            }
            finished.add(new Finished(next.file(), next.length()));
            next.close();
        }
        JournalWriter next = files.open(Math.max(bytes, journalBytes));
        grow();
        journal = next;
        if (!next.reserve(bytes)) {
            throw new IllegalStateException("a new journal file has no room for " + bytes + " bytes");
        }
        return next;
    }

    private void grow() {
        journalBytes = Math.min(JOURNAL_GROWTH * journalBytes, options.journalBytesMax());
    }

    private void prepareNext() {
        CompletableFuture<JournalWriter> next = new CompletableFuture<>();
        long bytes = journalBytes;
        grow();
        nextJournal = next;
        Daemon.start("evault-prepare", () -> {
            try {
                next.complete(files.open(bytes));
            } catch (IOException | RuntimeException | Error e) {
                next.completeExceptionally(e);
            }
        });
    }

    private static <T> T await(CompletableFuture<T> future) throws IOException {
        try {
            return future.join();
        } catch (java.util.concurrent.CompletionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw cause instanceof IOException io ? io : new IOException(String.valueOf(cause.getMessage()), cause);
        }
    }

    /** Hands all that has its place and was not handed over yet to the sealer. */
    private void cut(boolean urgent) throws IOException {
        JournalWriter current = journal;
        if (current != null) {
            finished.add(new Finished(current.file(), current.length()));
            writer.closeAfterwards(current);
            journal = null;
        }
        if (closing && nextJournal != null) {
            JournalWriter unused = await(nextJournal);
            nextJournal = null;
            unused.close();
            finished.add(new Finished(unused.file(), unused.length()));
        }
        long now = now();
        Map<LogState, List<LogState.Run>> runs = new LinkedHashMap<>();
        dirty.forEach(log -> runs.put(log, List.of(log.cut(now))));
        dirty.clear();
        List<Finished> gone = List.copyOf(finished);
        finished.clear();
        long commit = commits;
        long due = sealDeadline;
        runBytes = 0;
        sealDeadline = Long.MAX_VALUE;
        if (runs.isEmpty() && gone.isEmpty()) {
            return;
        }
        lastJob = sealer.submit(new Sealer.Job(
                runs,
                List.of(),
                now,
                () -> writer.awaitSynced(commit),
                () -> {
                    for (Finished file : gone) {
                        files.retire(file.file(), file.length());
                    }
                    if (!gone.isEmpty()) {
                        files.sync();
                    }
                },
                urgent ? () -> {} : () -> giveWay(due),
                () -> urgent || hurrying || meters.unsealedBytes() >= options.unsealedBytesMax() / 2));
    }

    /** Lets commits go first while they are many, unsealed records are few, and the seal is not due. */
    private void giveWay(long due) {
        while (queue.bytes() >= CommitWriter.LARGE_BYTES
                && meters.unsealedBytes() < options.unsealedBytesMax() / 4 * 3
                && System.nanoTime() - due < 0
                && !hurrying
                && failure == null) {
            LockSupport.parkNanos(this, POLL_NANOS);
        }
    }

    /** Lets the keys of logs go that nobody has written for a while. */
    private void letRest() throws IOException {
        if (!restIsDue()) {
            return;
        }
        long now = System.nanoTime();
        restDeadline = now + options.idleAfter().toNanos();
        if (meters.unsealedBytes() == 0) {
            pool.clear();
            files.removeSpares();
        }
        for (int left = inUse.size(); left > 0; left--) {
            LogState log = inUse.poll();
            if (log != null && !log.rest(now, options.idleAfter().toNanos())) {
                inUse.add(log);
            }
        }
    }

    private void fail(Throwable cause) {
        synchronized (requestLock) {
            if (failure == null) {
                failure = VaultFailedException.stopped(cause);
                LOG.error("the vault stopped writing", cause);
            }
        }
        queue.close();
    }

    private void failWaiting() {
        VaultFailedException reason = failure;
        if (reason != null) {
            queue.close();
            queue.take().appends().forEach(append -> append.fail(reason));
            List<CompletableFuture<Void>> requests;
            synchronized (requestLock) {
                requests = sealRequests;
                sealRequests = new ArrayList<>();
            }
            requests.forEach(request -> request.completeExceptionally(reason));
        }
    }

    private void closeJournal() {
        try {
            if (journal != null) {
                writer.closeAfterwards(journal);
                journal = null;
            }
            if (nextJournal != null) {
                await(nextJournal).close();
            }
        } catch (IOException e) {
            LOG.warn("a journal file did not close", e);
        }
    }
}
