package dev.evidencevault.mutation;

import static dev.evidencevault.mutation.MutatedVault.ACME;
import static dev.evidencevault.mutation.MutatedVault.OTHER;
import static dev.evidencevault.mutation.MutatedVault.RECORDS_PER_BLOCK;
import static dev.evidencevault.mutation.MutatedVault.parts;

import dev.evidencevault.mutation.Cell.Attacker;
import dev.evidencevault.mutation.Cell.Finder;
import dev.evidencevault.mutation.Cell.Level;
import dev.evidencevault.mutation.Cell.Mutation;
import dev.evidencevault.segment.BlockSummary;
import dev.evidencevault.segment.SegmentIndexer;
import dev.evidencevault.verify.Claim;
import java.io.IOException;
import java.util.Collections;
import org.jspecify.annotations.Nullable;

/** Blocks of records. */
final class BlockMutations extends LevelMutations {
    BlockMutations() {
        super(Level.BLOCK);
        disk(
                Mutation.FLIP,
                segmentParts((p, v) -> p.get(2)[p.get(2).length - 1] ^= 1),
                Claim.SEGMENTS,
                SEGMENT_2,
                NOT_SEALED_SO);
        disk(Mutation.DELETE, segmentParts((p, v) -> p.remove(2)), Claim.SEGMENTS, SEGMENT_2, "block");
        keys(
                Mutation.DELETE,
                records(2, (r, v) -> r.subList(0, RECORDS_PER_BLOCK).clear()),
                SEGMENT_3,
                OTHER_ROOT);
        disk(Mutation.INSERT, segmentParts((p, v) -> p.add(2, p.get(1))), Claim.SEGMENTS, SEGMENT_2, "block");
        keys(
                Mutation.INSERT,
                records(2, (r, v) -> {
                    for (int i = 0; i < RECORDS_PER_BLOCK; i++) {
                        r.add(RECORDS_PER_BLOCK, invented(r.get(i), i));
                    }
                }),
                SEGMENT_2,
                OTHER_ROOT);
        disk(Mutation.SWAP, segmentParts((p, v) -> Collections.swap(p, 1, 2)), Claim.SEGMENTS, SEGMENT_2, "block");
        keys(
                Mutation.SWAP,
                records(2, (r, v) -> Collections.rotate(r.subList(0, 2 * RECORDS_PER_BLOCK), RECORDS_PER_BLOCK)),
                SEGMENT_2,
                OTHER_ROOT);
        disk(
                Mutation.REORDER,
                segmentParts((p, v) -> Collections.rotate(p.subList(1, 4), 1)),
                Claim.SEGMENTS,
                SEGMENT_2,
                "block");
        disk(
                Mutation.TRUNCATE,
                segmentParts((p, v) -> p.subList(3, p.size()).clear()),
                Claim.SEGMENTS,
                SEGMENT_2,
                "expected the end mark of a segment");
        keys(
                Mutation.TRUNCATE,
                records(3, (r, v) -> r.subList(RECORDS_PER_BLOCK, r.size()).clear()),
                "acme",
                CUT_OFF);
        disk(
                Mutation.REPLAY,
                segmentParts((p, v) -> p.set(1, parts(v.segment(1)).get(1))),
                Claim.SEGMENTS,
                SEGMENT_2,
                "block");
        keys(Mutation.REPLAY, records(2, (r, v) -> r.addAll(r.subList(0, RECORDS_PER_BLOCK))), SEGMENT_3, OTHER_ROOT);
        disk(
                Mutation.TRANSPLANT,
                segmentParts((p, v) -> p.set(1, parts(v.log(OTHER).segment(2)).get(1))),
                Claim.SEGMENTS,
                SEGMENT_2,
                "block");
        keys(
                Mutation.TRANSPLANT,
                records(2, (r, v) -> {
                    for (int i = 0; i < RECORDS_PER_BLOCK; i++) {
                        r.set(i, others(v, 2).get(i));
                    }
                }),
                SEGMENT_2,
                OTHER_ROOT);
        absent(Mutation.DOWNGRADE, "a block has no version of its own: that of the segment's file holds");
        cell(
                Mutation.REKEY,
                Attacker.KEYS,
                segmentParts((p, v) -> {
                    // The same records under the same keys of the log: only the file's own key is another.
                    MutatedVault elsewhere = v.another("rekeyed");
                    elsewhere.forge(ACME, 2).write();
                    p.set(1, parts(elsewhere.segment(2)).get(1));
                    elsewhere.remove();
                }),
                Finder.AUDITOR,
                Claim.SEGMENTS,
                SEGMENT_2,
                NOT_SEALED_SO);
        keys(Mutation.INDEX_LIE, forged(2, (f, v) -> f.indexer = lying()), SEGMENT_2, OTHER_ROOT);
        // Searches believe the index of whoever signs; no bundle and no verification does.
        cell(
                Mutation.INDEX_LIE,
                Attacker.SIGNER,
                then(forged(3, (f, v) -> f.indexer = lying()), v -> v.anchorAnew(2)),
                Finder.KEEPER,
                Claim.ANCHORS,
                KEPT,
                PUT_BACK);
        fork(forged(3, (f, v) -> {}));
        absent(Mutation.RESTORE, "a block is written once: there is no older version to put back");
    }

    /** An indexer that finds each block's records in the next. */
    private static SegmentIndexer lying() {
        return (log, segment, blocks) -> {
            SegmentIndexer.Builder honest = MutatedVault.INDEXER.begin(log, segment, blocks);
            return new SegmentIndexer.Builder() {
                @Override
                public void addBlock(int ordinal, byte[] plain, int plainBytes, BlockSummary facts) throws IOException {
                    honest.addBlock(ordinal + 1, plain, plainBytes, facts);
                }

                @Override
                public byte @Nullable [] finish() throws IOException {
                    return honest.finish();
                }
            };
        };
    }
}
