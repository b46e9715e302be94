package dev.evidencevault;

import dev.evidencevault.crypto.keys.KeyDerivation;
import dev.evidencevault.segment.SegmentIndexer;
import dev.evidencevault.storage.LocalStorage;
import dev.evidencevault.storage.Storage;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How a vault behaves that is opened for writing. Immutable. */
public final class VaultOptions {
    private static final long MIB = 1 << 20;
    private static final long JOURNAL_BYTES_MAX_DEFAULT = 256 * MIB;
    private static final long UNSEALED_BYTES_MAX_DEFAULT = 4096 * MIB;

    private final Values values;

    /** The values, each explained at the method that sets it. */
    private record Values(
            long journalBytesMax,
            long unsealedBytesMax,
            Duration sealAfter,
            int sealThreads,
            long queueBytesMax,
            BackPressure backPressure,
            TenantQuota.@Nullable Source quotas,
            Duration idleAfter,
            int argon2MemoryKib,
            @Nullable SegmentIndexer indexer,
            @Nullable VaultObserver observer,
            Clock clock,
            Storage storage) {}

    private VaultOptions(Values values) {
        this.values = values;
    }

    private static void requireWithin(String what, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException("expected " + what + " from " + min + " to " + max + ", found " + value);
        }
    }

    /**
     * Returns the defaults: journal files of up to 256 MiB and up to 4 GiB unsealed (but no more than a quarter of the heap),
     * a minute to the seal, 4 sealing threads, 32 MiB of queue (but no more than a sixteenth of the heap), blocking, no
     * quotas, keys let go after a minute, 64 MiB for Argon2id, no index, no observer.
     */
    public static VaultOptions defaults() {
        long heap = Runtime.getRuntime().maxMemory();
        long unsealed = Math.max(16 * MIB, Math.min(UNSEALED_BYTES_MAX_DEFAULT, heap / 4));
        return new VaultOptions(new Values(
                Math.min(JOURNAL_BYTES_MAX_DEFAULT, unsealed / 2),
                unsealed,
                Duration.ofMinutes(1),
                4,
                Math.max(MIB, Math.min(32 * MIB, heap / 16)),
                BackPressure.BLOCK,
                null,
                Duration.ofMinutes(1),
                KeyDerivation.Argon2id.recommended().memoryKib(),
                null,
                null,
                Clock.systemUTC(),
                new LocalStorage()));
    }

    /** Returns how large a journal file gets, in bytes. */
    public long journalBytesMax() {
        return values.journalBytesMax;
    }

    /** Returns how many bytes of records may wait to be sealed before commits wait. */
    public long unsealedBytesMax() {
        return values.unsealedBytesMax;
    }

    /** Returns how long an event waits, at most, before its log is sealed. */
    public Duration sealAfter() {
        return values.sealAfter;
    }

    /** Returns how many threads write segments. */
    public int sealThreads() {
        return values.sealThreads;
    }

    /** Returns how many bytes of events may wait for the disk. */
    public long queueBytesMax() {
        return values.queueBytesMax;
    }

    /** Returns what appending does when the queue is full. */
    public BackPressure backPressure() {
        return values.backPressure;
    }

    /** Returns the tenants' quotas, or null for none. */
    public TenantQuota.@Nullable Source quotas() {
        return values.quotas;
    }

    /** Returns after how long without an event a log's keys are let go. */
    public Duration idleAfter() {
        return values.idleAfter;
    }

    /** Returns the memory that stretching a passphrase costs, in KiB, when a vault is created. */
    public int argon2MemoryKib() {
        return values.argon2MemoryKib;
    }

    /** Returns what builds the search index, or null for none. */
    public @Nullable SegmentIndexer indexer() {
        return values.indexer;
    }

    /** Returns what is told of commits and seals, or null for nothing. */
    public @Nullable VaultObserver observer() {
        return values.observer;
    }

    /** Returns the clock. */
    public Clock clock() {
        return values.clock;
    }

    /** Returns the storage. */
    public Storage storage() {
        return values.storage;
    }

    /**
     * Returns these options with another bound on the length of a journal file, 64 KiB to 1 GiB. Files begin small and grow
     * with the load; each is full of zeros before it is written, and used again.
     */
    public VaultOptions withJournalBytesMax(long value) {
        requireWithin("journalBytesMax", value, 64 << 10, 1 << 30);
        return new VaultOptions(new Values(
                value,
                values.unsealedBytesMax,
                values.sealAfter,
                values.sealThreads,
                values.queueBytesMax,
                values.backPressure,
                values.quotas,
                values.idleAfter,
                values.argon2MemoryKib,
                values.indexer,
                values.observer,
                values.clock,
                values.storage));
    }

    /**
     * Returns these options with another bound on what waits in memory and in the journal to be sealed, 1 MiB to 16 GiB.
     * Up to three quarters of it sealing gives way to appending while that is under full load; beyond all of it appending
     * waits.
     */
    public VaultOptions withUnsealedBytesMax(long value) {
        requireWithin("unsealedBytesMax", value, 1 << 20, 16L << 30);
        return new VaultOptions(new Values(
                values.journalBytesMax,
                value,
                values.sealAfter,
                values.sealThreads,
                values.queueBytesMax,
                values.backPressure,
                values.quotas,
                values.idleAfter,
                values.argon2MemoryKib,
                values.indexer,
                values.observer,
                values.clock,
                values.storage));
    }

    /** Returns these options with another time to the seal, 10 ms to a day. */
    public VaultOptions withSealAfter(Duration value) {
        requireWithin("sealAfter", value.toMillis(), 10, Duration.ofDays(1).toMillis());
        return new VaultOptions(new Values(
                values.journalBytesMax,
                values.unsealedBytesMax,
                value,
                values.sealThreads,
                values.queueBytesMax,
                values.backPressure,
                values.quotas,
                values.idleAfter,
                values.argon2MemoryKib,
                values.indexer,
                values.observer,
                values.clock,
                values.storage));
    }

    /** Returns these options with another number of threads that write segments, those of different logs at once; 1 to 64. */
    public VaultOptions withSealThreads(int value) {
        requireWithin("sealThreads", value, 1, 64);
        return new VaultOptions(new Values(
                values.journalBytesMax,
                values.unsealedBytesMax,
                values.sealAfter,
                value,
                values.queueBytesMax,
                values.backPressure,
                values.quotas,
                values.idleAfter,
                values.argon2MemoryKib,
                values.indexer,
                values.observer,
                values.clock,
                values.storage));
    }

    /**
     * Returns these options with another bound on the events that wait for the disk, 64 KiB to 64 MiB. Under full load a
     * commit has as much: with many tenants larger commits cost less for each event.
     */
    public VaultOptions withQueueBytesMax(long value) {
        requireWithin("queueBytesMax", value, 64 << 10, 64 << 20);
        return new VaultOptions(new Values(
                values.journalBytesMax,
                values.unsealedBytesMax,
                values.sealAfter,
                values.sealThreads,
                value,
                values.backPressure,
                values.quotas,
                values.idleAfter,
                values.argon2MemoryKib,
                values.indexer,
                values.observer,
                values.clock,
                values.storage));
    }

    /** Returns these options with another behaviour when the queue is full. */
    public VaultOptions withBackPressure(BackPressure value) {
        return new VaultOptions(new Values(
                values.journalBytesMax,
                values.unsealedBytesMax,
                values.sealAfter,
                values.sealThreads,
                values.queueBytesMax,
                value,
                values.quotas,
                values.idleAfter,
                values.argon2MemoryKib,
                values.indexer,
                values.observer,
                values.clock,
                values.storage));
    }

    /** Returns these options with quotas for tenants. */
    public VaultOptions withQuotas(TenantQuota.Source value) {
        return new VaultOptions(new Values(
                values.journalBytesMax,
                values.unsealedBytesMax,
                values.sealAfter,
                values.sealThreads,
                values.queueBytesMax,
                values.backPressure,
                value,
                values.idleAfter,
                values.argon2MemoryKib,
                values.indexer,
                values.observer,
                values.clock,
                values.storage));
    }

    /** Returns these options with another time after which the keys of a log that nobody writes are let go, 10 ms to a day. */
    public VaultOptions withIdleAfter(Duration value) {
        requireWithin("idleAfter", value.toMillis(), 10, Duration.ofDays(1).toMillis());
        return new VaultOptions(new Values(
                values.journalBytesMax,
                values.unsealedBytesMax,
                values.sealAfter,
                values.sealThreads,
                values.queueBytesMax,
                values.backPressure,
                values.quotas,
                value,
                values.argon2MemoryKib,
                values.indexer,
                values.observer,
                values.clock,
                values.storage));
    }

    /** Returns these options with another cost of the passphrase, 8 to 4,194,304 KiB. */
    public VaultOptions withArgon2MemoryKib(int value) {
        return new VaultOptions(new Values(
                values.journalBytesMax,
                values.unsealedBytesMax,
                values.sealAfter,
                values.sealThreads,
                values.queueBytesMax,
                values.backPressure,
                values.quotas,
                values.idleAfter,
                value,
                values.indexer,
                values.observer,
                values.clock,
                values.storage));
    }

    /** Returns these options with an indexer. */
    public VaultOptions withIndexer(SegmentIndexer value) {
        return new VaultOptions(new Values(
                values.journalBytesMax,
                values.unsealedBytesMax,
                values.sealAfter,
                values.sealThreads,
                values.queueBytesMax,
                values.backPressure,
                values.quotas,
                values.idleAfter,
                values.argon2MemoryKib,
                value,
                values.observer,
                values.clock,
                values.storage));
    }

    /** Returns these options with an observer. */
    public VaultOptions withObserver(VaultObserver value) {
        return new VaultOptions(new Values(
                values.journalBytesMax,
                values.unsealedBytesMax,
                values.sealAfter,
                values.sealThreads,
                values.queueBytesMax,
                values.backPressure,
                values.quotas,
                values.idleAfter,
                values.argon2MemoryKib,
                values.indexer,
                value,
                values.clock,
                values.storage));
    }

    /** Returns these options with another clock. */
    public VaultOptions withClock(Clock value) {
        return new VaultOptions(new Values(
                values.journalBytesMax,
                values.unsealedBytesMax,
                values.sealAfter,
                values.sealThreads,
                values.queueBytesMax,
                values.backPressure,
                values.quotas,
                values.idleAfter,
                values.argon2MemoryKib,
                values.indexer,
                values.observer,
                value,
                values.storage));
    }

    /** Returns these options with another storage. */
    public VaultOptions withStorage(Storage value) {
        return new VaultOptions(new Values(
                values.journalBytesMax,
                values.unsealedBytesMax,
                values.sealAfter,
                values.sealThreads,
                values.queueBytesMax,
                values.backPressure,
                values.quotas,
                values.idleAfter,
                values.argon2MemoryKib,
                values.indexer,
                values.observer,
                values.clock,
                value));
    }
}
