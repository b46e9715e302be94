package dev.evidencevault.mutation;

import static dev.evidencevault.mutation.MutatedVault.ACME;
import static dev.evidencevault.mutation.MutatedVault.OTHER;
import static dev.evidencevault.mutation.MutatedVault.RECORDS_PER_BLOCK;
import static dev.evidencevault.mutation.MutatedVault.edit;
import static dev.evidencevault.mutation.MutatedVault.join;
import static dev.evidencevault.mutation.MutatedVault.parts;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.mutation.Cell.Attacker;
import dev.evidencevault.mutation.Cell.Finder;
import dev.evidencevault.mutation.Cell.Level;
import dev.evidencevault.mutation.Cell.Mutation;
import dev.evidencevault.verify.Claim;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The seals of segments, which stand in the open at the end of each. */
final class SealMutations extends LevelMutations {
    SealMutations() {
        super(Level.SEAL);
        disk(
                Mutation.FLIP,
                segmentParts((p, v) -> p.get(p.size() - 1)[4] ^= 1),
                Claim.SEGMENTS,
                SEGMENT_3,
                "the seal does not follow that of the segment before");
        disk(
                Mutation.FLIP,
                v -> {
                    // The salt of the last seal: nothing in the log covers it.
                    List<byte[]> parts = parts(v.segment(3));
                    parts.get(parts.size() - 1)[4] ^= 1;
                    join(v.segment(3), parts);
                },
                Claim.ANCHORS,
                SEGMENT_3,
                OTHER_ROOT);
        signer(
                Mutation.FLIP,
                v -> edit(v.segment(3), bytes -> {
                    String text = new String(bytes, StandardCharsets.ISO_8859_1);
                    String sealed = "\"occurredTo\":\"2026-05-03";
                    assertTrue(text.contains(sealed));
                    return text.replace(sealed, "\"occurredTo\":\"2026-05-04").getBytes(StandardCharsets.ISO_8859_1);
                }),
                Claim.RECORDS,
                SEGMENT_3,
                "the seal has other times than the records");
        disk(
                Mutation.DELETE,
                segmentParts((p, v) -> p.remove(p.size() - 1)),
                Claim.SEGMENTS,
                SEGMENT_2,
                "expected the end mark of a segment");
        disk(
                Mutation.INSERT,
                segmentParts((p, v) -> p.add(p.get(p.size() - 1))),
                Claim.SEGMENTS,
                SEGMENT_2,
                "expected the header of a block");
        disk(Mutation.SWAP, v -> rotateSeals(v, 1, 2), Claim.SEGMENTS, SEGMENT_1, "expected segment 1");
        disk(Mutation.REORDER, v -> rotateSeals(v, 1, 2, 3), Claim.SEGMENTS, SEGMENT_1, "expected segment 1");
        signer(
                Mutation.REORDER,
                forged(1, (f, v) -> f.sealDelayNanos = -Duration.ofHours(1).toNanos()),
                Claim.RECORDS,
                SEGMENT_1,
                "the seal is older than the records before it");
        keys(
                Mutation.TRUNCATE,
                v -> {
                    // The last seal is made over the first block only, in the middle of what it had covered.
                    LogForger forger = v.forge(ACME, 3);
                    List<LogRecord> records = forger.segments.get(0);
                    List<LogRecord> rest = new ArrayList<>(records.subList(RECORDS_PER_BLOCK, records.size()));
                    records.removeAll(rest);
                    forger.segments.add(rest);
                    forger.write();
                },
                "acme/log/00000004.evs",
                OTHER_ROOT);
        disk(
                Mutation.REPLAY,
                segmentParts((p, v) -> {
                    List<byte[]> earlier = parts(v.segment(1));
                    p.set(p.size() - 1, earlier.get(earlier.size() - 1));
                }),
                Claim.SEGMENTS,
                SEGMENT_2,
                "expected segment 2");
        disk(
                Mutation.TRANSPLANT,
                segmentParts((p, v) -> {
                    List<byte[]> others = parts(v.log(OTHER).segment(2));
                    p.set(p.size() - 1, others.get(others.size() - 1));
                }),
                Claim.SEGMENTS,
                SEGMENT_2,
                "the header is not the one that was sealed");
        disk(
                Mutation.DOWNGRADE,
                v -> edit(
                        v.segment(2),
                        bytes -> new String(bytes, StandardCharsets.ISO_8859_1)
                                .replace("{\"v\":1,\"seq\":", "{\"v\":0,\"seq\":")
                                .getBytes(StandardCharsets.ISO_8859_1)),
                Claim.SEGMENTS,
                SEGMENT_2,
                "the seal does not parse: expected a record of version 1");
        cell(
                Mutation.REKEY,
                Attacker.SIGNER,
                then(forged(3, (f, v) -> f.keyFile = Digest.sha256(new byte[] {1})), v -> v.anchorAnew(0)),
                Finder.AUDITOR,
                Claim.SEGMENTS,
                "acme/keys.json",
                "the keys are not those that the last seal names");
        disk(
                Mutation.INDEX_LIE,
                v -> Files.delete(v.log(ACME).index(2)),
                Claim.INDEX,
                "acme/index/00000002.evx",
                "the index is missing");
        keys(Mutation.INDEX_LIE, forged(2, (f, v) -> f.indexer = null), SEGMENT_2, OTHER_ROOT);
        fork(forged(3, (f, v) -> f.sealDelayNanos = 1));
        absent(Mutation.RESTORE, "a segment is sealed once: an older seal is that of another segment, see replay");
    }

    private static void rotateSeals(MutatedVault vault, long... segments) throws Exception {
        List<List<byte[]>> all = new ArrayList<>();
        for (long segment : segments) {
            all.add(parts(vault.segment(segment)));
        }
        for (int i = 0; i < segments.length; i++) {
            List<byte[]> own = new ArrayList<>(all.get(i));
            List<byte[]> next = all.get((i + 1) % segments.length);
            own.set(own.size() - 1, next.get(next.size() - 1));
            join(vault.segment(segments[i]), own);
        }
    }
}
