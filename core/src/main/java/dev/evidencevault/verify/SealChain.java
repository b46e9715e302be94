package dev.evidencevault.verify;

import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.vrf.VrfPublicKey;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.format.Seal;
import org.jspecify.annotations.Nullable;

/** The seals of a log, each with the hash of the one before. For one thread, once. */
final class SealChain {
    private long segments;
    private long next;
    private long events;
    private long sealedAt = Long.MIN_VALUE;
    private @Nullable Digest last;
    private @Nullable VrfPublicKey tagKey;

    /**
     * Checks that a seal follows on the last, with nothing between.
     *
     * @throws IllegalArgumentException if it does not
     */
    void requireNext(Seal seal, LogRecord record) {
        if (seal.segment() != segments + 1 || seal.firstSeq() != next || record.seq() <= next) {
            throw new IllegalArgumentException("expected segment " + (segments + 1) + " from record " + next
                    + ", found segment " + seal.segment() + " from record " + seal.firstSeq());
        }
        if (last == null ? seal.previousSeal() != null : !last.equals(seal.previousSeal())) {
            throw new IllegalArgumentException("segment " + seal.segment() + " does not follow the one before it");
        }
        if (seal.events() - events != record.seq() - next) {
            throw new IllegalArgumentException("segment " + seal.segment() + " counts what is not there");
        }
        requireSameKey(seal);
    }

    /**
     * Checks that a seal may follow on the last with others between that are not shown.
     *
     * @throws IllegalArgumentException if it cannot
     */
    void requireLater(Seal seal, LogRecord record) {
        if (seal.segment() <= segments
                || seal.firstSeq() < next
                || record.seq() <= seal.firstSeq()
                || seal.events() <= events) {
            throw new IllegalArgumentException("expected a segment after " + segments + " and record " + next
                    + ", found segment " + seal.segment() + " from record " + seal.firstSeq());
        }
        requireSameKey(seal);
    }

    private void requireSameKey(Seal seal) {
        if (tagKey != null && !tagKey.equals(seal.tagKey())) {
            throw new IllegalArgumentException("segment " + seal.segment() + " has another key of pseudonyms");
        }
    }

    /** Adds a seal that was checked. */
    void add(Seal seal, LogRecord record, Digest leafHash) {
        segments = seal.segment();
        next = record.seq() + 1;
        events = seal.events();
        sealedAt = record.recordedAt();
        last = leafHash;
        tagKey = seal.tagKey();
    }

    /** Returns the number of the last segment. */
    long segments() {
        return segments;
    }

    /** Returns how many events the log has up to the last seal. */
    long events() {
        return events;
    }

    /** Returns when the last seal was recorded, in nanoseconds since 1970, or {@link Long#MIN_VALUE} before the first. */
    long sealedAt() {
        return sealedAt;
    }

    /** Returns the key of the log's pseudonyms, or null before the first seal. */
    @Nullable
    VrfPublicKey tagKey() {
        return tagKey;
    }
}
