package dev.evidencevault.segment;

import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.CommitmentScheme;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.LeafHeader;
import dev.evidencevault.format.LeafHeader.ActorCount;
import dev.evidencevault.format.LeafHeader.Tag;
import dev.evidencevault.format.LogId;
import dev.evidencevault.format.RecordKind;
import dev.evidencevault.segment.SegmentFile.BlockRef;
import java.util.List;

/**
 * A record that has its place in a log: its line and all of its leaf header but the commitment.
 *
 * @param line the line; not copied
 * @param seq its index in the log
 * @param recordedAt when the vault took it
 * @param occurredAt when it happened
 * @param kind what it is
 * @param privileged whether a privilege was used
 * @param serviceTag the service's pseudonym
 * @param actors whose record it is
 */
public record PlacedRecord(
        Line line,
        long seq,
        long recordedAt,
        long occurredAt,
        RecordKind kind,
        boolean privileged,
        Tag serviceTag,
        List<ActorCount> actors) {

    /** The bytes of a line. */
    public static final class Line {
        private final byte[] bytes;

        /** Takes the bytes without a copy. */
        public Line(byte[] bytes) {
            this.bytes = bytes;
        }

        /** Returns the bytes; not a copy. */
        public byte[] bytes() {
            return bytes;
        }
    }

    /**
     * Returns the leaf header, with the commitment to the line under this salt.
     *
     * @param events how the log commits to events
     * @throws IllegalArgumentException if it is committed to by fields and has more than can be, as no record of the writer has
     */
    public LeafHeader header(LogId logId, byte[] salt, CommitmentScheme events) {
        CommitmentScheme scheme = events.of(kind);
        Digest commitment = scheme.commitment(salt, line.bytes());
        return new LeafHeader(
                logId, seq, recordedAt, occurredAt, kind, privileged, serviceTag, actors, commitment, scheme);
    }

    /**
     * Returns the leaf header of a record that was read.
     *
     * @param file where it was read, in this block
     * @throws CorruptFileException if it is committed to by fields and has more than can be
     */
    public LeafHeader header(LogId logId, byte[] salt, CommitmentScheme events, SegmentFile file, BlockRef block)
            throws CorruptFileException {
        try {
            return header(logId, salt, events);
        } catch (IllegalArgumentException e) {
            throw new CorruptFileException(
                    file.path(), block.offset(), "record " + seq + " cannot be committed to: " + e.getMessage());
        }
    }
}
