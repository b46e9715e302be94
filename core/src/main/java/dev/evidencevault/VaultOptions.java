package dev.evidencevault;

import dev.evidencevault.crypto.keys.KeyDerivation;
import dev.evidencevault.segment.SegmentIndexer;
import dev.evidencevault.storage.LocalStorage;
import dev.evidencevault.storage.Storage;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a vault behaves that is opened for writing. Immutable.
 *
 * @param journalBytesMax when a journal file has records of this many bytes, what it holds is sealed; 64 KiB to 64 MiB
 * @param sealAfter how long an event waits, at most, before it is sealed and anchored; 10 ms to a day
 * @param sealThreads how many threads write segments, those of different logs at once; 1 to 64
 * @param queueBytesMax how many bytes of events may wait for the disk before appending blocks; 64 KiB to 32 MiB
 * @param argon2MemoryKib the memory that stretching a passphrase costs, when a vault is created; 8 to 4,194,304
 * @param indexer what builds the search index; null for none
 * @param clock the clock
 * @param storage the storage
 */
public record VaultOptions(
        long journalBytesMax,
        Duration sealAfter,
        int sealThreads,
        long queueBytesMax,
        int argon2MemoryKib,
        @Nullable SegmentIndexer indexer,
        Clock clock,
        Storage storage) {

    /** Checks the ranges. */
    public VaultOptions {
        requireWithin("journalBytesMax", journalBytesMax, 64 << 10, 64 << 20);
        requireWithin("sealAfter", sealAfter.toMillis(), 10, Duration.ofDays(1).toMillis());
        requireWithin("sealThreads", sealThreads, 1, 64);
        requireWithin("queueBytesMax", queueBytesMax, 64 << 10, 32 << 20);
    }

    private static void requireWithin(String what, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException("expected " + what + " from " + min + " to " + max + ", found " + value);
        }
    }

    /** Returns the defaults: 32 MiB of journal (a sixteenth of the heap if that is less, since up to four journal files'
     * records are in memory), a minute to the seal, 4 sealing threads, 8 MiB of queue, 64 MiB for Argon2id, no index. */
    public static VaultOptions defaults() {
        return new VaultOptions(
                Math.max(4 << 20, Math.min(32 << 20, Runtime.getRuntime().maxMemory() / 16)),
                Duration.ofMinutes(1),
                4,
                8 << 20,
                KeyDerivation.Argon2id.recommended().memoryKib(),
                null,
                Clock.systemUTC(),
                new LocalStorage());
    }

    /** Returns these options with another bound on the journal. */
    public VaultOptions withJournalBytesMax(long value) {
        return new VaultOptions(value, sealAfter, sealThreads, queueBytesMax, argon2MemoryKib, indexer, clock, storage);
    }

    /** Returns these options with another time to the seal. */
    public VaultOptions withSealAfter(Duration value) {
        return new VaultOptions(
                journalBytesMax, value, sealThreads, queueBytesMax, argon2MemoryKib, indexer, clock, storage);
    }

    /** Returns these options with another number of sealing threads. */
    public VaultOptions withSealThreads(int value) {
        return new VaultOptions(
                journalBytesMax, sealAfter, value, queueBytesMax, argon2MemoryKib, indexer, clock, storage);
    }

    /** Returns these options with an indexer. */
    public VaultOptions withIndexer(SegmentIndexer value) {
        return new VaultOptions(
                journalBytesMax, sealAfter, sealThreads, queueBytesMax, argon2MemoryKib, value, clock, storage);
    }

    /** Returns these options with another cost of the passphrase. */
    public VaultOptions withArgon2MemoryKib(int value) {
        return new VaultOptions(journalBytesMax, sealAfter, sealThreads, queueBytesMax, value, indexer, clock, storage);
    }

    /** Returns these options with another clock. */
    public VaultOptions withClock(Clock value) {
        return new VaultOptions(
                journalBytesMax, sealAfter, sealThreads, queueBytesMax, argon2MemoryKib, indexer, value, storage);
    }

    /** Returns these options with another storage. */
    public VaultOptions withStorage(Storage value) {
        return new VaultOptions(
                journalBytesMax, sealAfter, sealThreads, queueBytesMax, argon2MemoryKib, indexer, clock, value);
    }
}
