package dev.evidencevault;

import dev.evidencevault.attest.TimeStamping;
import dev.evidencevault.crypto.keys.CryptoSuite;
import dev.evidencevault.crypto.keys.KeyDerivation;
import dev.evidencevault.segment.SegmentIndexer;
import dev.evidencevault.sink.CheckpointSink;
import dev.evidencevault.storage.LocalStorage;
import dev.evidencevault.storage.Storage;
import dev.evidencevault.witness.Witness;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** How a vault behaves that is opened for writing. Immutable. */
public final class VaultOptions {
    private static final long MIB = 1 << 20;
    private static final long JOURNAL_BYTES_MAX_DEFAULT = 256 * MIB;
    private static final long UNSEALED_BYTES_MAX_DEFAULT = 4096 * MIB;

    // Each is explained at the method that sets it. None changes once the constructor is done.
    private long journalBytesMax;
    private long unsealedBytesMax;
    private Duration sealAfter = Duration.ofMinutes(1);
    private Duration anchorEvery = Duration.ofHours(1);
    private int sealThreads = 4;
    private long queueBytesMax;
    private BackPressure backPressure = BackPressure.BLOCK;
    private TenantQuota.@Nullable Source quotas;
    private Duration idleAfter = Duration.ofMinutes(1);
    private boolean redactable;
    private CryptoSuite suite = CryptoSuite.AES_ED25519;
    private int argon2MemoryKib = KeyDerivation.Argon2id.recommended().memoryKib();
    private List<CheckpointSink> sinks = List.of();
    private List<Witness> witnesses = List.of();
    private @Nullable TimeStamping timeStamping;
    private @Nullable SegmentIndexer indexer;
    private @Nullable VaultObserver observer;
    private Clock clock = Clock.systemUTC();
    private Storage storage = new LocalStorage();

    private VaultOptions() {
        long heap = Runtime.getRuntime().maxMemory();
        unsealedBytesMax = Math.max(16 * MIB, Math.min(UNSEALED_BYTES_MAX_DEFAULT, heap / 4));
        journalBytesMax = Math.min(JOURNAL_BYTES_MAX_DEFAULT, unsealedBytesMax / 2);
        queueBytesMax = Math.max(MIB, Math.min(32 * MIB, heap / 16));
    }

    private VaultOptions(VaultOptions other, Consumer<VaultOptions> change) {
        journalBytesMax = other.journalBytesMax;
        unsealedBytesMax = other.unsealedBytesMax;
        sealAfter = other.sealAfter;
        anchorEvery = other.anchorEvery;
        sealThreads = other.sealThreads;
        queueBytesMax = other.queueBytesMax;
        backPressure = other.backPressure;
        quotas = other.quotas;
        idleAfter = other.idleAfter;
        redactable = other.redactable;
        suite = other.suite;
        argon2MemoryKib = other.argon2MemoryKib;
        sinks = other.sinks;
        witnesses = other.witnesses;
        timeStamping = other.timeStamping;
        indexer = other.indexer;
        observer = other.observer;
        clock = other.clock;
        storage = other.storage;
        change.accept(this);
    }

    private VaultOptions with(Consumer<VaultOptions> change) {
        return new VaultOptions(this, change);
    }

    private static void requireWithin(String what, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException("expected " + what + " from " + min + " to " + max + ", found " + value);
        }
    }

    /**
     * Returns the defaults: journal files of up to 256 MiB and up to 4 GiB unsealed (but no more than a quarter of the heap),
     * a minute to the seal, an anchor every hour at least, 4 sealing threads, 32 MiB of queue (but no more than a sixteenth of the heap), blocking, no
     * quotas, keys let go after a minute, 64 MiB for Argon2id, AES-256-GCM and Ed25519, records that cannot be redacted, no sinks, no index, no observer.
     */
    public static VaultOptions defaults() {
        return new VaultOptions();
    }

    /** Returns how large a journal file gets, in bytes. */
    public long journalBytesMax() {
        return journalBytesMax;
    }

    /** Returns how many bytes of records may wait to be sealed before commits wait. */
    public long unsealedBytesMax() {
        return unsealedBytesMax;
    }

    /** Returns how long an event waits, at most, before its log is sealed. */
    public Duration sealAfter() {
        return sealAfter;
    }

    /** Returns after how long another anchor is made though nothing was sealed; zero for never. */
    public Duration anchorEvery() {
        return anchorEvery;
    }

    /** Returns where checkpoints are delivered. */
    public List<CheckpointSink> sinks() {
        return sinks;
    }

    /** Returns the witnesses that are asked to cosign checkpoints. */
    public List<Witness> witnesses() {
        return witnesses;
    }

    /** Returns who stamps checkpoints with the time, or null for nobody. */
    public @Nullable TimeStamping timeStamping() {
        return timeStamping;
    }

    /** Returns how many threads write segments. */
    public int sealThreads() {
        return sealThreads;
    }

    /** Returns how many bytes of events may wait for the disk. */
    public long queueBytesMax() {
        return queueBytesMax;
    }

    /** Returns what appending does when the queue is full. */
    public BackPressure backPressure() {
        return backPressure;
    }

    /** Returns the tenants' quotas, or null for none. */
    public TenantQuota.@Nullable Source quotas() {
        return quotas;
    }

    /** Returns after how long without an event a log's keys are let go. */
    public Duration idleAfter() {
        return idleAfter;
    }

    /** Returns the memory that stretching a passphrase costs, in KiB, when a vault is created. */
    public int argon2MemoryKib() {
        return argon2MemoryKib;
    }

    /** Returns whether a vault that is created commits to events by fields. */
    public boolean redactable() {
        return redactable;
    }

    /** Returns the algorithms of a vault that is created. */
    public CryptoSuite suite() {
        return suite;
    }

    /** Returns what builds the search index, or null for none. */
    public @Nullable SegmentIndexer indexer() {
        return indexer;
    }

    /** Returns what is told of commits and seals, or null for nothing. */
    public @Nullable VaultObserver observer() {
        return observer;
    }

    /** Returns the clock. */
    public Clock clock() {
        return clock;
    }

    /** Returns the storage. */
    public Storage storage() {
        return storage;
    }

    /**
     * Returns these options with another bound on the length of a journal file, 64 KiB to 1 GiB. Files begin small and grow
     * with the load; each is full of zeros before it is written, and used again.
     */
    public VaultOptions withJournalBytesMax(long value) {
        requireWithin("journalBytesMax", value, 64 << 10, 1 << 30);
        return with(options -> options.journalBytesMax = value);
    }

    /**
     * Returns these options with another bound on what waits in memory and in the journal to be sealed, 1 MiB to 16 GiB.
     * Up to three quarters of it sealing gives way to appending while that is under full load; beyond all of it appending
     * waits.
     */
    public VaultOptions withUnsealedBytesMax(long value) {
        requireWithin("unsealedBytesMax", value, 1 << 20, 16L << 30);
        return with(options -> options.unsealedBytesMax = value);
    }

    /** Returns these options with another time to the seal, 10 ms to a day. */
    public VaultOptions withSealAfter(Duration value) {
        requireWithin("sealAfter", value.toMillis(), 10, Duration.ofDays(1).toMillis());
        return with(options -> options.sealAfter = value);
    }

    /**
     * Returns these options with another time after which the vault is anchored though nothing was sealed, a second to 30
     * days, or zero for never. Such an anchor says that the logs had not grown by then: without it nobody can tell a
     * quiet day from one that was cut off. Each takes 60 bytes a tenant on disk.
     */
    public VaultOptions withAnchorEvery(Duration value) {
        if (!value.isZero()) {
            requireWithin(
                    "anchorEvery", value.toMillis(), 1000, Duration.ofDays(30).toMillis());
        }
        return with(options -> options.anchorEvery = value);
    }

    /**
     * Returns these options with sinks outside the vault, to which every checkpoint is delivered that is the latest at
     * that moment. What a sink that can be read has seen, opening compares with the vault: one that was restored from a
     * backup, or whose end was cut off, is refused.
     */
    public VaultOptions withSinks(List<CheckpointSink> value) {
        List<CheckpointSink> copy = List.copyOf(value);
        return with(options -> options.sinks = copy);
    }

    /**
     * Returns these options with witnesses, which are asked to cosign each checkpoint that is the latest at that moment
     * (c2sp.org/tlog-witness). Their lines go into the bundles. A witness has to know the vault's public key.
     */
    public VaultOptions withWitnesses(List<Witness> value) {
        List<Witness> copy = List.copyOf(value);
        return with(options -> options.witnesses = copy);
    }

    /**
     * Returns these options with time stamp authorities (RFC 3161), which are asked to stamp each checkpoint that is the
     * latest at that moment, and the latest again at opening if the certificate under its time stamp ends soon. Time
     * stamps go into the bundles. Nobody waits for an authority but closing, and that only so long as it may take.
     */
    public VaultOptions withTimeStamping(TimeStamping value) {
        return with(options -> options.timeStamping = value);
    }

    /** Returns these options with another number of threads that write segments, those of different logs at once; 1 to 64. */
    public VaultOptions withSealThreads(int value) {
        requireWithin("sealThreads", value, 1, 64);
        return with(options -> options.sealThreads = value);
    }

    /**
     * Returns these options with another bound on the events that wait for the disk, 64 KiB to 64 MiB. Under full load a
     * commit has as much: with many tenants larger commits cost less for each event.
     */
    public VaultOptions withQueueBytesMax(long value) {
        requireWithin("queueBytesMax", value, 64 << 10, 64 << 20);
        return with(options -> options.queueBytesMax = value);
    }

    /** Returns these options with another behaviour when the queue is full. */
    public VaultOptions withBackPressure(BackPressure value) {
        return with(options -> options.backPressure = value);
    }

    /** Returns these options with quotas for tenants. */
    public VaultOptions withQuotas(TenantQuota.Source value) {
        return with(options -> options.quotas = value);
    }

    /** Returns these options with another time after which the keys of a log that nobody writes are let go, 10 ms to a day. */
    public VaultOptions withIdleAfter(Duration value) {
        requireWithin("idleAfter", value.toMillis(), 10, Duration.ofDays(1).toMillis());
        return with(options -> options.idleAfter = value);
    }

    /** Returns these options with another cost of the passphrase, 8 to 4,194,304 KiB. */
    public VaultOptions withArgon2MemoryKib(int value) {
        return with(options -> options.argon2MemoryKib = value);
    }

    /**
     * Returns these options for a vault that commits to events by fields, so that single fields of what is handed over can be
     * withheld later, provably. It is decided when a vault is created, for good, and without effect when one is opened. It
     * costs some microseconds for each event when it is sealed.
     */
    public VaultOptions withRedactable(boolean value) {
        return with(options -> options.redactable = value);
    }

    /**
     * Returns these options with other algorithms for a vault that is created. They are decided then, for good, and without
     * effect when a vault is opened.
     */
    public VaultOptions withSuite(CryptoSuite value) {
        return with(options -> options.suite = value);
    }

    /** Returns these options with an indexer. */
    public VaultOptions withIndexer(SegmentIndexer value) {
        return with(options -> options.indexer = value);
    }

    /** Returns these options with an observer. */
    public VaultOptions withObserver(VaultObserver value) {
        return with(options -> options.observer = value);
    }

    /** Returns these options with another clock. */
    public VaultOptions withClock(Clock value) {
        return with(options -> options.clock = value);
    }

    /** Returns these options with another storage. */
    public VaultOptions withStorage(Storage value) {
        return with(options -> options.storage = value);
    }
}
