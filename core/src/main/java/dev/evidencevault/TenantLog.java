package dev.evidencevault;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * The log of one tenant, open for writing. What is appended is this tenant's, whatever it says. Safe for use by several
 * threads; the events of one thread keep their order.
 */
public final class TenantLog {
    private final String tenant;
    private final LogState log;
    private final Committer committer;

    TenantLog(String tenant, LogState log, Committer committer) {
        this.tenant = tenant;
        this.log = log;
        this.committer = committer;
    }

    /** Returns the tenant's name. */
    public String tenant() {
        return tenant;
    }

    /**
     * Appends an event. The future completes when the event is on disk, and fails with {@link VaultFailedException} if
     * it could not be put there. Blocks while more waits for the disk than the options allow.
     *
     * @throws IllegalArgumentException if the event does not fit into a record
     * @throws VaultFailedException if the vault has failed or was closed
     */
    public CompletableFuture<Receipt> append(Event event) {
        return committer.append(log, event.toBody(tenant));
    }

    /**
     * Appends an event and returns when it is on disk.
     *
     * @throws VaultFailedException if it could not be put there
     */
    public Receipt appendAndWait(Event event) {
        return join(append(event));
    }

    /**
     * Appends events in their order and returns when all of them are on disk. They need not be next to each other.
     *
     * @throws VaultFailedException if one of them could not be put there
     */
    public List<Receipt> appendAllAndWait(List<Event> events) {
        List<CompletableFuture<Receipt>> receipts = new ArrayList<>(events.size());
        events.forEach(event -> receipts.add(append(event)));
        return receipts.stream().map(TenantLog::join).toList();
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
}
