package dev.evidencevault.mutation;

import static dev.evidencevault.mutation.MutatedVault.ACME;
import static dev.evidencevault.mutation.MutatedVault.OTHER;
import static dev.evidencevault.mutation.MutatedVault.flip;
import static dev.evidencevault.mutation.MutatedVault.rotate;

import dev.evidencevault.crypto.keys.TenantKeys.Purpose;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.mutation.Cell.Level;
import dev.evidencevault.mutation.Cell.Mutation;
import dev.evidencevault.storage.LogKeys;
import dev.evidencevault.verify.Claim;
import java.nio.file.Files;
import java.util.Collections;
import java.util.List;

/** Whole segments and their indexes. */
final class SegmentMutations extends LevelMutations {
    SegmentMutations() {
        super(Level.SEGMENT);
        disk(
                Mutation.FLIP,
                v -> flip(v.segment(2), 8 + 16 + 8 + 8),
                Claim.SEGMENTS,
                SEGMENT_2,
                "the header is not the one that was sealed");
        disk(Mutation.DELETE, v -> Files.delete(v.segment(2)), Claim.SEGMENTS, SEGMENT_2, "the segment is missing");
        keys(
                Mutation.DELETE,
                v -> {
                    LogForger forger = v.forge(ACME, 2);
                    forger.segments.remove(0);
                    forger.write();
                },
                "acme",
                CUT_OFF);
        keys(
                Mutation.INSERT,
                v -> {
                    LogForger forger = v.forge(ACME, 4);
                    forger.segments.add(
                            List.of(invented(v.forge(ACME, 3).segments.get(0).get(7), 1)));
                    forger.write();
                },
                "acme/log/00000004.evs",
                "are under no anchor, and the journal does not hold their records");
        disk(
                Mutation.SWAP,
                v -> rotate(List.of(v.segment(1), v.segment(2))),
                Claim.SEGMENTS,
                SEGMENT_1,
                "expected segment 1");
        keys(
                Mutation.SWAP,
                v -> {
                    LogForger forger = v.forge(ACME, 2);
                    Collections.swap(forger.segments, 0, 1);
                    forger.write();
                },
                SEGMENT_2,
                OTHER_ROOT);
        disk(
                Mutation.REORDER,
                v -> rotate(List.of(v.segment(1), v.segment(2), v.segment(3))),
                Claim.SEGMENTS,
                SEGMENT_1,
                "expected segment 1");
        disk(
                Mutation.TRUNCATE,
                v -> {
                    Files.delete(v.segment(3));
                    Files.delete(v.log(ACME).index(3));
                },
                Claim.ANCHORS,
                "acme",
                CUT_OFF);
        disk(
                Mutation.REPLAY,
                v -> Files.copy(v.segment(2), v.segment(4)),
                Claim.SEGMENTS,
                "acme/log/00000004.evs",
                "expected segment 4");
        keys(
                Mutation.REPLAY,
                v -> {
                    LogForger forger = v.forge(ACME, 4);
                    forger.segments.add(v.forge(ACME, 2).segments.get(0));
                    forger.write();
                },
                "acme/log/00000004.evs",
                "are under no anchor, and the journal does not hold their records");
        disk(
                Mutation.TRANSPLANT,
                v -> rotate(List.of(v.segment(2), v.log(OTHER).segment(2))),
                Claim.SEGMENTS,
                SEGMENT_2,
                "expected a segment of log");
        disk(
                Mutation.DOWNGRADE,
                v -> flip(v.segment(2), 7),
                Claim.SEGMENTS,
                SEGMENT_2,
                "expected a segment file of version 1");
        keys(Mutation.REKEY, v -> rekey(v, 1), SEGMENT_1, OTHER_ROOT);
        signer(
                Mutation.REKEY,
                forged(2, (f, v) -> f.keys = withOther(v, Purpose.CONTENT)),
                Claim.RECORDS,
                SEGMENT_2,
                "the segment is not under this tenant's key");
        disk(
                Mutation.INDEX_LIE,
                v -> rotate(List.of(v.log(ACME).index(1), v.log(ACME).index(2))),
                Claim.INDEX,
                "acme/index/00000001.evx",
                "not the one that the seal names");
        fork(records(3, (r, v) -> {
            List<LogRecord> invented =
                    r.stream().map(record -> invented(record, 3)).toList();
            r.clear();
            r.addAll(invented);
        }));
        disk(
                Mutation.RESTORE,
                v -> {
                    // One tenant's log and the anchors of all: the other tenant's log tells.
                    Files.delete(v.segment(3));
                    Files.delete(v.log(ACME).index(3));
                    v.dropAnchors(2);
                },
                Claim.ANCHORS,
                "umbrella-corp/log/00000003.evs",
                "are under no anchor, and the journal does not hold their records");
    }

    /** Gives a log new keys and writes it anew with them from a segment on. */
    private static void rekey(MutatedVault vault, long from) throws Exception {
        LogForger forger = vault.forge(ACME, from);
        LogKeys fresh = vault.unlocked().newKeys(vault.logId(ACME), ACME);
        Files.write(vault.log(ACME).keys(), fresh.format());
        forger.keys = fresh.unwrap(vault.unlocked().settings(), vault.unlocked().keyEncryption());
        forger.pseudonymKeys = forger.keys;
        forger.keyFile = Digest.sha256(fresh.format());
        forger.write();
    }
}
