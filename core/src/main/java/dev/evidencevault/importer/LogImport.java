package dev.evidencevault.importer;

import dev.evidencevault.Receipt;
import dev.evidencevault.TenantLog;
import dev.evidencevault.Vault;
import dev.evidencevault.VaultFailedException;
import dev.evidencevault.crypto.keys.KeySourceException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Imports a log, line by line, in constant memory: every line becomes an event of the vault or goes to the rejects. For
 * one thread, once.
 */
public final class LogImport {
    private final Vault vault;
    private final LineMapper mapper;
    private final Listener listener;
    private final AtomicLong stored = new AtomicLong();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final Set<String> tenants = new TreeSet<>();
    private final Map<String, String> unavailable = new TreeMap<>();
    private long read;
    private long rejected;

    /** Is told of every line, in their order. Its exceptions end the import. */
    public interface Listener {
        /** A line was given to the vault. */
        void accepted(long line) throws IOException;

        /**
         * A line was rejected.
         *
         * @param line its number, from 1
         * @param reason why
         * @param bytes the line without its line feed; null if it is too long to be kept
         */
        void rejected(long line, String reason, byte @Nullable [] bytes) throws IOException;
    }

    /**
     * What came of it.
     *
     * @param read how many lines were read
     * @param stored how many of them are on disk
     * @param rejected how many were rejected
     * @param tenants how many tenants they are of
     */
    public record Summary(long read, long stored, long rejected, int tenants) {}

    /** Creates an import. */
    public LogImport(Vault vault, LineMapper mapper, Listener listener) {
        this.vault = vault;
        this.mapper = mapper;
        this.listener = listener;
    }

    /**
     * Reads lines until they end, and returns when all of them are on disk.
     *
     * @param in the lines; not closed
     * @param skip how many lines to pass over, because an earlier import stored them
     * @param stop asked before each line whether to stop early
     * @throws VaultFailedException if the vault could not store all of them
     */
    public Summary run(InputStream in, long skip, BooleanSupplier stop) throws IOException {
        LineReader lines = new LineReader(in);
        CompletableFuture<Void> last = CompletableFuture.completedFuture(null);
        while (!stop.getAsBoolean() && failure.get() == null) {
            LineReader.Line line = lines.next();
            if (line == null) {
                break;
            }
            if (line.number() > skip) {
                read++;
                CompletableFuture<Void> receipt = take(line);
                last = receipt == null ? last : receipt;
            }
        }
        // Receipts of one committer complete in the order of their commits, but failed ones may not.
        last.exceptionally(e -> null).join();
        Throwable failed = failure.get();
        if (failed instanceof VaultFailedException e) {
            throw e;
        }
        return summary();
    }

    /** Returns what came of it so far. */
    public Summary summary() {
        return new Summary(read, stored.get(), rejected, tenants.size());
    }

    private @Nullable CompletableFuture<Void> take(LineReader.Line line) throws IOException {
        switch (line) {
            case LineReader.TooLong tooLong ->
                reject(
                        line.number(),
                        "too large: a line has at most " + LineReader.LINE_BYTES_MAX + " bytes, this one "
                                + tooLong.byteLength(),
                        null);
            case LineReader.Whole whole -> {
                switch (mapper.map(whole.bytes())) {
                    case LineMapper.Rejected no -> reject(line.number(), no.reason(), whole.bytes());
                    case LineMapper.Mapped mapped -> {
                        TenantLog log = log(mapped.tenant());
                        if (log == null) {
                            reject(line.number(), String.valueOf(unavailable.get(mapped.tenant())), whole.bytes());
                            return null;
                        }
                        tenants.add(mapped.tenant());
                        CompletableFuture<Void> receipt =
                                log.append(mapped.event()).handle(this::settled);
                        listener.accepted(line.number());
                        return receipt;
                    }
                }
            }
        }
        return null;
    }

    /** The log of a tenant; null if its key source cannot be had, which is tried once in an import. */
    private @Nullable TenantLog log(String tenant) throws IOException {
        if (unavailable.containsKey(tenant)) {
            return null;
        }
        try {
            return vault.tenant(tenant);
        } catch (KeySourceException e) {
            unavailable.put(tenant, "key unavailable: " + e.getMessage());
            return null;
        }
    }

    /** Returns the tenants whose lines were rejected since their key sources could not be had. */
    public Set<String> unavailable() {
        return Set.copyOf(unavailable.keySet());
    }

    private @Nullable Void settled(@Nullable Receipt receipt, @Nullable Throwable e) {
        if (e == null) {
            stored.incrementAndGet();
        } else {
            failure.compareAndSet(null, e);
        }
        return null;
    }

    private void reject(long line, String reason, byte @Nullable [] bytes) throws IOException {
        rejected++;
        listener.rejected(line, reason, bytes);
    }
}
