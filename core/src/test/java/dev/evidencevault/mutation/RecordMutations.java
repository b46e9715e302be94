package dev.evidencevault.mutation;

import static dev.evidencevault.mutation.MutatedVault.ACME;
import static dev.evidencevault.mutation.MutatedVault.RECORDS_PER_BLOCK;

import dev.evidencevault.crypto.keys.TenantKeys.Purpose;
import dev.evidencevault.mutation.Cell.Attacker;
import dev.evidencevault.mutation.Cell.Finder;
import dev.evidencevault.mutation.Cell.Level;
import dev.evidencevault.mutation.Cell.Mutation;
import dev.evidencevault.verify.Claim;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Collections;

/** Single records: in the files, then with the keys of the log, then with leaves that lie under a signature. */
final class RecordMutations extends LevelMutations {
    RecordMutations() {
        super(Level.RECORD);
        keys(
                Mutation.FLIP,
                records(2, (r, v) -> r.set(1, LogForger.edited(r.get(1), "document.read", "document.rend"))),
                SEGMENT_2,
                OTHER_ROOT);
        disk(Mutation.FLIP, segmentParts((p, v) -> p.get(1)[leafAt(1)] ^= 1), Claim.SEGMENTS, SEGMENT_2, NOT_SEALED_SO);
        signer(
                Mutation.FLIP,
                forged(2, (f, v) -> f.leafOccurredAt = record -> record.occurredAt() + (record.seq() % 3 == 0 ? 1 : 0)),
                Claim.RECORDS,
                SEGMENT_2,
                NOT_COMMITTED_TO);
        keys(Mutation.DELETE, records(2, (r, v) -> r.remove(1)), SEGMENT_3, OTHER_ROOT);
        disk(
                Mutation.DELETE,
                segmentParts((p, v) -> {
                    byte[] block = p.get(1);
                    ByteBuffer.wrap(block).putInt(COUNT_AT, RECORDS_PER_BLOCK - 1);
                    p.set(1, joined(range(block, 0, leafAt(1)), range(block, leafAt(2), block.length)));
                }),
                Claim.SEGMENTS,
                SEGMENT_2,
                NOT_SEALED_SO);
        keys(Mutation.INSERT, records(2, (r, v) -> r.add(1, invented(r.get(0), 1))), SEGMENT_2, OTHER_ROOT);
        keys(Mutation.SWAP, records(2, (r, v) -> Collections.swap(r, 0, 4)), SEGMENT_2, OTHER_ROOT);
        disk(
                Mutation.SWAP,
                segmentParts((p, v) -> {
                    byte[] block = p.get(1);
                    p.set(
                            1,
                            joined(
                                    range(block, 0, leafAt(0)),
                                    range(block, leafAt(1), leafAt(2)),
                                    range(block, leafAt(0), leafAt(1)),
                                    range(block, leafAt(2), block.length)));
                }),
                Claim.SEGMENTS,
                SEGMENT_2,
                NOT_SEALED_SO);
        keys(Mutation.REORDER, records(2, (r, v) -> Collections.rotate(r, 1)), SEGMENT_2, OTHER_ROOT);
        signer(
                Mutation.REORDER,
                forged(2, (f, v) -> f.backdatedNanos = Duration.ofHours(1).toNanos()),
                Claim.RECORDS,
                SEGMENT_2,
                NOT_COMMITTED_TO);
        keys(Mutation.TRUNCATE, records(3, (r, v) -> r.remove(r.size() - 1)), "acme", CUT_OFF);
        keys(Mutation.REPLAY, records(2, (r, v) -> r.add(5, r.get(1))), SEGMENT_2, OTHER_ROOT);
        keys(Mutation.TRANSPLANT, records(2, (r, v) -> r.set(1, others(v, 2).get(1))), SEGMENT_2, OTHER_ROOT);
        signer(
                Mutation.TRANSPLANT,
                records(2, (r, v) -> r.set(1, others(v, 2).get(1))),
                Claim.RECORDS,
                SEGMENT_2,
                NOT_COMMITTED_TO);
        keys(Mutation.DOWNGRADE, forged(2, (f, v) -> f.version = 0), SEGMENT_2, OTHER_ROOT);
        signer(
                Mutation.DOWNGRADE,
                forged(2, (f, v) -> f.version = 0),
                Claim.RECORDS,
                SEGMENT_2,
                "expected a record of version 1");
        keys(Mutation.REKEY, forged(2, (f, v) -> f.keys = withOther(v, Purpose.SALT)), SEGMENT_2, OTHER_ROOT);
        signer(
                Mutation.REKEY,
                forged(2, (f, v) -> f.keys = withOther(v, Purpose.SALT)),
                Claim.RECORDS,
                SEGMENT_2,
                NOT_COMMITTED_TO);
        signer(
                Mutation.REKEY,
                forged(2, (f, v) -> f.pseudonymKeys = withOther(v, Purpose.TAG)),
                Claim.RECORDS,
                SEGMENT_2,
                NOT_COMMITTED_TO);
        cell(
                Mutation.INDEX_LIE,
                Attacker.KEYS,
                v -> {
                    // An index that is encrypted as it should be, of other records than the segment has.
                    MutatedVault elsewhere = v.another("index");
                    LogForger forger = elsewhere.forge(ACME, 2);
                    forger.segments.get(0).remove(1);
                    forger.write();
                    Files.copy(elsewhere.log(ACME).index(2), v.log(ACME).index(2), StandardCopyOption.REPLACE_EXISTING);
                    elsewhere.remove();
                },
                Finder.AUDITOR,
                Claim.INDEX,
                "acme/index/00000002.evx",
                "not the one that the seal names");
        fork(records(3, (r, v) -> r.set(1, invented(r.get(1), 2))));
        absent(Mutation.RESTORE, "a record is written once: there is no older version to put back");
    }
}
