package dev.evidencevault.verify;

import dev.evidencevault.actorindex.ActorIndexBuilder;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.LeafHeader;
import dev.evidencevault.format.Seal;

/** All leaf headers of one segment, to be compared with its seal. For one thread, once. */
final class SealedLeaves {
    private final ActorIndexBuilder actors = new ActorIndexBuilder();
    private long from = Long.MAX_VALUE;
    private long to = Long.MIN_VALUE;
    private long notices;

    void add(LeafHeader header, Digest leafHash) {
        actors.add(header, leafHash);
        notices += header.kind().isNotice() ? 1 : 0;
        from = Math.min(from, header.occurredAt());
        to = Math.max(to, header.occurredAt());
    }

    /** @throws IllegalArgumentException if the seal says otherwise of these leaves */
    void requireSealedBy(Seal seal) {
        if (from != seal.occurredFrom() || to != seal.occurredTo()) {
            throw new IllegalArgumentException(
                    "the seal of segment " + seal.segment() + " has other times than its leaves");
        }
        if (notices != seal.notices() || !actors.build().head().equals(seal.actors())) {
            throw new IllegalArgumentException("the index of actors that was sealed with segment " + seal.segment()
                    + " is not that of its leaves");
        }
    }
}
