package dev.evidencevault;

import dev.evidencevault.deposit.TenantBackups;
import dev.evidencevault.format.Change;
import dev.evidencevault.format.DepositRecord;
import dev.evidencevault.format.LogId;
import dev.evidencevault.format.RecordBody;
import dev.evidencevault.format.RotatedKeys;
import dev.evidencevault.segment.Pseudonyms;
import dev.evidencevault.segment.RecordBlock.Tags;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * The log of one tenant, open for writing. What is appended is this tenant's, whatever it says. Safe for use by several
 * threads; the events of one thread keep their order.
 *
 * <p>There are three ways to append, and one guarantee each:
 *
 * <ul>
 *   <li>{@link #append}: when the future completes, the event is on disk.
 *   <li>{@link #appendAndWait}: when it returns, the event is on disk.
 *   <li>{@link #appendAll}: when the future completes, all events are on disk, next to each other; after a crash before
 *       that, all of them are there or none.
 * </ul>
 *
 * <p>Whatever depends on a future without naming an executor runs on the thread that writes the journal, and holds up
 * everybody: let it be short, or use the methods of {@link CompletableFuture} that end in {@code Async}.
 */
public final class TenantLog {
    /** The most events of a batch. */
    public static final int BATCH_EVENTS_MAX = 100_000;

    /** The most bytes of a batch's records together. */
    public static final long BATCH_BYTES_MAX = 64 << 20;

    private final String tenant;
    private final LogState log;
    private final Committer committer;
    private final TenantQuota.@Nullable Source quotas;
    private final DepositRecorder deposits;

    TenantLog(
            String tenant,
            LogState log,
            Committer committer,
            TenantQuota.@Nullable Source quotas,
            DepositRecorder deposits) {
        this.deposits = deposits;
        this.tenant = tenant;
        this.log = log;
        this.committer = committer;
        this.quotas = quotas;
    }

    /** Returns the tenant's name. */
    public String tenant() {
        return tenant;
    }

    /**
     * Appends an event. The future completes when the event is on disk, and fails with {@link VaultFailedException} if
     * it could not be put there. While more waits for the disk than the options allow it blocks, or is refused.
     *
     * @throws IllegalArgumentException if the event does not fit into a record
     * @throws AppendRefusedException if the tenant's quota is used up, or the queue is full and the options say to refuse
     * @throws VaultFailedException if the vault has failed or was closed
     */
    public CompletableFuture<Receipt> append(Event event) {
        RecordBody body = event.toBody(tenant);
        admit(1, body.tail().length());
        Append.Single append = new Append.Single(log, body, Append.tags(pseudonyms(), body));
        committer.append(append, tenant);
        return append;
    }

    /**
     * Appends an event and returns when it is on disk.
     *
     * @throws IllegalArgumentException if the event does not fit into a record
     * @throws AppendRefusedException if the tenant's quota is used up, or the queue is full and the options say to refuse
     * @throws VaultFailedException if it could not be put there
     */
    public Receipt appendAndWait(Event event) {
        return join(append(event));
    }

    /**
     * Appends a batch of events in their order. The future completes when all of them are on disk, and fails with
     * {@link VaultFailedException} if they could not be put there. They are next to each other in the log, and a crash
     * leaves all of them or none.
     *
     * @param events 1 to {@link #BATCH_EVENTS_MAX}, their records together of at most {@link #BATCH_BYTES_MAX}
     * @throws IllegalArgumentException if an event does not fit into a record, or the batch is empty or too large
     * @throws AppendRefusedException if the tenant's quota does not cover all of them, or the queue is full and the
     *     options say to refuse
     * @throws VaultFailedException if the vault has failed or was closed
     */
    public CompletableFuture<BatchReceipt> appendAll(List<Event> events) {
        if (events.isEmpty() || events.size() > BATCH_EVENTS_MAX) {
            throw new IllegalArgumentException(
                    "a batch has 1 to " + BATCH_EVENTS_MAX + " events, found " + events.size());
        }
        List<RecordBody> bodies = new ArrayList<>(events.size());
        List<Tags> tags = new ArrayList<>(events.size());
        Pseudonyms pseudonyms = pseudonyms();
        long bytes = 0;
        for (Event event : events) {
            RecordBody body = event.toBody(tenant);
            bytes += body.tail().length();
            bodies.add(body);
            tags.add(Append.tags(pseudonyms, body));
        }
        if (bytes > BATCH_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "a batch has at most " + BATCH_BYTES_MAX + " bytes of records, found " + bytes);
        }
        admit(events.size(), bytes);
        Append.Batch append = new Append.Batch(log, bodies, tags);
        committer.append(append, tenant);
        return append;
    }

    /**
     * Appends any number of events in their order, one by one, and returns when all of them are on disk. Events of other
     * threads may come between them.
     *
     * @throws VaultFailedException if one of them could not be put there
     */
    public List<Receipt> appendAllAndWait(List<Event> events) {
        List<CompletableFuture<Receipt>> receipts = new ArrayList<>(events.size());
        events.forEach(event -> receipts.add(append(event)));
        return receipts.stream().map(TenantLog::join).toList();
    }

    /**
     * Appends that something changed which the meaning of this log depends on, such as the logging policy. It belongs to every
     * order that covers its time. The future completes as that of {@link #append} does.
     *
     * @throws IllegalArgumentException if the change is of a deposit: only what was put is recorded as such
     * @throws VaultFailedException if the vault has failed or was closed
     */
    public CompletableFuture<Receipt> appendChange(Change change) {
        if (change.what() == Change.What.DEPOSIT) {
            throw new IllegalArgumentException("deposits are recorded when they are put, see backups()");
        }
        if (RotatedKeys.after(change).isPresent()) {
            throw new IllegalArgumentException("a rotation of the log's keys is recorded by Vault.rotateKeys");
        }
        return doAppend(change);
    }

    private CompletableFuture<Receipt> doAppend(Change change) {
        Append.Single append = new Append.Single(log, change.toBody(tenant, committer.now()), Append.NOBODY);
        committer.append(append, tenant);
        return append;
    }

    /**
     * Appends that something changed, and returns when that is on disk.
     *
     * @throws VaultFailedException if it could not be put there
     */
    public Receipt appendChangeAndWait(Change change) {
        return join(appendChange(change));
    }

    /** Appends that something was deposited, and returns when that is on disk. */
    Receipt appendDeposit(DepositRecord record) {
        return join(doAppend(record.toChange()));
    }

    /**
     * Returns the deposits of this log. What is put with this handle is in the log when that returns.
     *
     * @throws IOException if the log's keys cannot be read
     */
    public TenantBackups backups() throws IOException {
        return deposits.backups(log);
    }

    private Pseudonyms pseudonyms() {
        try {
            return log.open().pseudonyms();
        } catch (IOException e) {
            throw new VaultFailedException("the keys of the log cannot be read: " + e.getMessage(), e);
        }
    }

    private void admit(int events, long bytes) {
        TenantQuota.Source source = quotas;
        if (source == null) {
            return;
        }
        Allowance allowance = log.allowance();
        if (allowance == null) {
            allowance = log.allowance(new Allowance(tenant, source.of(tenant), committer.now()));
        }
        AppendRefusedException.Reason reason =
                allowance.isLimited() ? allowance.take(committer.now(), events, bytes) : null;
        if (reason != null) {
            TenantQuota quota = allowance.quota();
            String bound = reason == AppendRefusedException.Reason.RATE
                    ? quota.eventsPerSecond() + " events"
                    : quota.bytesPerSecond() + " bytes";
            throw committer.refuse(
                    log, allowance, reason, events, "the tenant's quota of " + bound + " a second is used up");
        }
    }

    private static Receipt join(CompletableFuture<Receipt> receipt) {
        try {
            return receipt.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof VaultFailedException failed) {
                throw failed;
            }
            throw e;
        }
    }

    /** Returns the log as it is written. */
    LogState state() {
        return log;
    }

    /** Returns the log's id. */
    LogId logId() {
        return log.logId();
    }

    /** Says whether the log's keys are in memory: those of a log that nobody writes are let go. */
    boolean hasKeys() {
        return log.hasKeys();
    }
}
