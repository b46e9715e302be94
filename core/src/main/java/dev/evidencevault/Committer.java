package dev.evidencevault;

import dev.evidencevault.format.Change;
import dev.evidencevault.format.Gap;
import dev.evidencevault.format.RecordBody;
import dev.evidencevault.format.Timestamps;
import dev.evidencevault.journal.CommitBuffer;
import dev.evidencevault.journal.JournalFiles;
import dev.evidencevault.journal.JournalWriter;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
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

    /** How often, at most, refusals are recorded. */
    private static final long GAP_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final VaultOptions options;
    private final JournalFiles files;
    private final Sealer sealer;
    private final WriterMeters meters;
    private final AppendQueue queue;
    private final CommitWriter writer;
    private final JournalSequence journal;
    private final SealingPace pace;
    private final Queue<LogState> inUse;
    private final BlockPool pool;
    private final Queue<LogState> refusing = new ConcurrentLinkedQueue<>();
    private final Thread thread;
    private volatile @Nullable VaultFailedException failure;
    private volatile boolean closing;

    private final Object requestLock = new Object();
    private List<CompletableFuture<Void>> sealRequests = new ArrayList<>();

    // What follows belongs to the thread.
    private final List<LogState> dirty = new ArrayList<>();
    private final List<LogState> touched = new ArrayList<>();
    private CompletableFuture<Void> lastJob = CompletableFuture.completedFuture(null);
    private long commits;
    private final LogState service;
    private final ClockWatch clock = new ClockWatch();
    private long gapDeadline = Long.MIN_VALUE;
    private long anchorDeadline;
    private long restDeadline;

    Committer(
            VaultOptions options,
            JournalFiles files,
            SecureRandom random,
            Sealer sealer,
            LogState service,
            WriterMeters meters,
            Queue<LogState> inUse,
            BlockPool pool) {
        this.options = options;
        this.files = files;
        this.sealer = sealer;
        this.service = service;
        this.meters = meters;
        this.inUse = inUse;
        this.pool = pool;
        this.queue = new AppendQueue(options.queueBytesMax());
        this.writer = new CommitWriter(() -> new CommitBuffer(random), meters, this::fail);
        this.journal = new JournalSequence(files, writer, options.journalBytesMax());
        this.pace = new SealingPace(options, meters, queue, () -> failure != null);
        postponeAnchor();
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
        long anchored = sealer.lastAnchorTime();
        return new VaultStatus(
                meters.events(),
                queue.records(),
                queue.bytes(),
                meters.unsealedBytes(),
                Duration.ofNanos(pace.lagNanos()),
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
            if (failure != null) {
                throw new IOException(failure.getMessage(), failure);
            }
            commit(urgent);
            if (urgent) {
                sealAll(last, requests);
            } else if (pace.cutIsDue(dirty.size(), sealer.isIdle()) || anchorIsDue()) {
                cut(false);
            }
            letRest();
        } catch (IOException | RuntimeException | Error e) {
            fail(e);
            VaultFailedException reason = VaultFailedException.stopped(e);
            requests.forEach(request -> request.completeExceptionally(reason));
            return false;
        }
        return !last;
    }

    /** Has everything sealed, and the requests completed after that; commits go on meanwhile. */
    private void sealAll(boolean last, List<CompletableFuture<Void>> requests) throws IOException {
        pace.hurry();
        if (last) {
            files.keepNone();
        }
        cut(true);
        CompletableFuture<Void> sealed = lastJob;
        CompletableFuture<Void> told = sealed.whenComplete((nothing, cause) -> {
            pace.calmDown();
            VaultFailedException reason = cause == null ? null : VaultFailedException.stopped(cause);
            for (CompletableFuture<Void> request : requests) {
                if (reason == null) {
                    request.complete(null);
                } else {
                    request.completeExceptionally(reason);
                }
            }
        });
        if (last) {
            await(told);
        }
    }

    private void awaitWork() {
        while (queue.isEmpty()
                && !isUrgent()
                && failure == null
                && !pace.isDue()
                && !gapsAreDue()
                && !restIsDue()
                && !anchorIsDue()) {
            long until = Math.min(pace.deadline(), inUse.isEmpty() ? Long.MAX_VALUE : restDeadline);
            until = Math.min(until, anchorDeadline);
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

    private boolean gapsAreDue() {
        return !refusing.isEmpty() && (gapDeadline == Long.MIN_VALUE || System.nanoTime() - gapDeadline >= 0);
    }

    private boolean restIsDue() {
        return !inUse.isEmpty() && System.nanoTime() - restDeadline >= 0;
    }

    private boolean anchorIsDue() {
        return anchorDeadline != Long.MAX_VALUE && System.nanoTime() - anchorDeadline >= 0;
    }

    private void postponeAnchor() {
        anchorDeadline = options.anchorEvery().isZero()
                ? Long.MAX_VALUE
                : System.nanoTime() + options.anchorEvery().toNanos();
    }

    /** Waits until there is room for more unsealed records. */
    private void awaitRoom() throws IOException {
        while (meters.unsealedBytes() >= options.unsealedBytesMax() && failure == null) {
            if (sealer.isIdle() && pace.hasUncut()) {
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
        long now = now();
        List<Append> appends = withClock(withGaps(taken.appends(), urgent), now);
        if (appends.isEmpty()) {
            writer.giveBack(buffer);
            return;
        }
        place(appends, new RecordBody.Stamp(now));
        long bytes = 0;
        long records = 0;
        int frames = 0;
        for (LogState log : touched) {
            bytes += log.commitBytes();
            records += log.commitCount();
            frames += log.commitFrames();
        }
        try {
            JournalWriter file = journal.room(CommitBuffer.bytes(frames, bytes));
            buffer.begin(file, commits, writer.synced(), frames, bytes);
            for (LogState log : touched) {
                log.frame(buffer, file);
            }
            meters.addUnsealed(bytes);
            pace.add(bytes, taken.oldestNanos());
            writer.write(new CommitWriter.Group(
                    file, buffer, buffer.finish(), appends, records, commits, taken.oldestNanos()));
        } catch (IOException | RuntimeException | Error e) {
            VaultFailedException reason = VaultFailedException.stopped(e);
            appends.forEach(append -> append.fail(reason));
            throw e;
        }
    }

    /** Gives every record its place in memory; it has none on disk yet. */
    private void place(List<Append> appends, RecordBody.Stamp now) {
        commits++;
        touched.clear();
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
                all.add(new Append.Notice(log, gap.toBody()));
            }
        }
        return all;
    }

    private List<Append> withClock(List<Append> appends, long now) {
        Change change = clock.see(now);
        if (change == null) {
            return appends;
        }
        LOG.warn("the clock was set back from {} to {}", change.before(), change.after());
        List<Append> all = new ArrayList<>(appends);
        all.add(new Append.Notice(service, change.toBody(Vault.SERVICE, now)));
        return all;
    }

    private static <T> T await(CompletableFuture<T> future) throws IOException {
        try {
            return future.join();
        } catch (CompletionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw cause instanceof IOException io ? io : new IOException(String.valueOf(cause.getMessage()), cause);
        }
    }

    /** Hands all that has its place and was not handed over yet to the sealer. */
    private void cut(boolean urgent) throws IOException {
        if (closing) {
            journal.end();
        } else {
            journal.endFile(urgent);
        }
        long now = now();
        Map<LogState, List<LogState.Run>> runs = new LinkedHashMap<>();
        dirty.forEach(log -> runs.put(log, List.of(log.cut(now))));
        dirty.clear();
        List<JournalSequence.Finished> gone = journal.takeFinished();
        long commit = commits;
        SealingPace.Pace jobPace = pace.cut();
        boolean idleAnchor = runs.isEmpty() && anchorIsDue();
        if (runs.isEmpty() && gone.isEmpty() && !idleAnchor) {
            return;
        }
        if (!runs.isEmpty() || idleAnchor) {
            postponeAnchor();
        }
        lastJob = sealer.submit(new Sealer.Job(
                runs, Map.of(), idleAnchor, now, () -> writer.awaitSynced(commit), () -> retire(gone), jobPace));
    }

    private void retire(List<JournalSequence.Finished> gone) throws IOException {
        for (JournalSequence.Finished file : gone) {
            files.retire(file.file(), file.length());
        }
        if (!gone.isEmpty()) {
            files.sync();
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
            journal.end();
        } catch (IOException e) {
            LOG.warn("a journal file was not made", e);
        }
    }
}
