package dev.evidencevault.mutation;

import static dev.evidencevault.mutation.MutatedVault.ACME;
import static dev.evidencevault.mutation.MutatedVault.OTHER;
import static dev.evidencevault.mutation.MutatedVault.RECORDS_PER_BLOCK;
import static dev.evidencevault.mutation.MutatedVault.edit;
import static dev.evidencevault.mutation.MutatedVault.flip;
import static dev.evidencevault.mutation.MutatedVault.join;
import static dev.evidencevault.mutation.MutatedVault.parts;
import static dev.evidencevault.mutation.MutatedVault.rotate;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.SmallVault;
import dev.evidencevault.anchor.Anchor;
import dev.evidencevault.anchor.ForgedAnchor;
import dev.evidencevault.crypto.keys.NodeKeys;
import dev.evidencevault.crypto.keys.TenantKeys;
import dev.evidencevault.crypto.keys.TenantKeys.Purpose;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.note.CheckpointSigner;
import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.mutation.Cell.Attack;
import dev.evidencevault.mutation.Cell.Attacker;
import dev.evidencevault.mutation.Cell.Finder;
import dev.evidencevault.mutation.Cell.Level;
import dev.evidencevault.mutation.Cell.Mutation;
import dev.evidencevault.segment.SegmentFile;
import dev.evidencevault.segment.SegmentIndexer;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.LogKeys;
import dev.evidencevault.storage.Settings;
import dev.evidencevault.verify.Claim;
import dev.evidencevault.verify.HistoryComparison;
import dev.evidencevault.verify.VaultVerifier;
import dev.evidencevault.verify.Verdict;
import dev.evidencevault.verify.VerificationReport;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every kind of tampering at every level of a vault, each by the strongest attacker that leaves something to find: who
 * finds it, and what the finding says. Nothing of it passes everybody.
 */
class MutationMatrixTest {
    private static final String SEGMENT_1 = "acme/log/00000001.evs";
    private static final String SEGMENT_2 = "acme/log/00000002.evs";
    private static final String SEGMENT_3 = "acme/log/00000003.evs";
    private static final String OTHER_ROOT = "do not give the root that anchor";
    private static final String NOT_SEALED_SO = "not the one that was sealed";
    private static final String CUT_OFF = "its end was cut off or changed";
    private static final String NOT_COMMITTED_TO = "is not the one that the tree commits to";
    private static final String KEPT = "the kept checkpoint";
    private static final String PUT_BACK = "the vault was put back or replaced";

    @TempDir
    private static Path directory;

    private static Path base;
    private static Map<String, byte[]> contents;
    private static SignedNote kept;
    private static final List<Cell> CELLS = new ArrayList<>();
    private static final Map<String, String> ABSENT = new TreeMap<>();

    @BeforeAll
    static void writeVault() throws Exception {
        base = directory.resolve("base");
        MutatedVault.write(base);
        contents = SmallVault.contents(base);
        kept = SignedNote.parse(contents.get("anchors/checkpoint"));
    }

    private static void cell(
            Level level,
            Mutation mutation,
            Attacker attacker,
            Attack attack,
            Finder finder,
            Claim claim,
            String where,
            String reason) {
        CELLS.add(new Cell(level, mutation, attacker, attack, finder, claim, where, reason));
    }

    /** Files are changed, and nothing else is. */
    private static void disk(Level level, Mutation mutation, Attack attack, Claim claim, String where, String reason) {
        cell(level, mutation, Attacker.DISK, attack, Finder.AUDITOR, claim, where, reason);
    }

    /** All is mended but the anchors. */
    private static void keys(Level level, Mutation mutation, Attack attack, String where, String reason) {
        cell(level, mutation, Attacker.KEYS, attack, Finder.AUDITOR, Claim.ANCHORS, where, reason);
    }

    /** Anchors are signed anew, and the records are not what the leaves say. */
    private static void signer(
            Level level, Mutation mutation, Attack attack, Claim claim, String where, String reason) {
        cell(level, mutation, Attacker.SIGNER, then(attack, v -> v.anchorAnew(0)), Finder.OWNER, claim, where, reason);
    }

    /** A second history from the last segment on, whole in itself. */
    private static void fork(Level level, Attack attack) {
        cell(
                level,
                Mutation.FORK,
                Attacker.SIGNER,
                then(attack, v -> v.anchorAnew(2)),
                Finder.KEEPER,
                Claim.ANCHORS,
                KEPT,
                PUT_BACK);
    }

    private static void absent(Level level, Mutation mutation, String reason) {
        ABSENT.put(level + " " + mutation, reason);
    }

    private static Attack then(Attack first, Attack second) {
        return vault -> {
            first.run(vault);
            second.run(vault);
        };
    }

    private interface Change {
        void of(List<LogRecord> records, MutatedVault vault) throws Exception;
    }

    /** Writes a log anew with other records from a segment on. */
    private static Attack records(long segment, Change change) {
        return vault -> {
            LogForger forger = vault.forge(ACME, segment);
            List<String> before = lines(forger);
            change.of(forger.segments.get(0), vault);
            assertNotEquals(before, lines(forger), "the records are others now");
            forger.segments.removeIf(List::isEmpty);
            forger.write();
        };
    }

    private static List<String> lines(LogForger forger) {
        return forger.segments.stream()
                .flatMap(List::stream)
                .map(record -> new String(record.line(), StandardCharsets.UTF_8))
                .toList();
    }

    private interface Setting {
        void of(LogForger forger, MutatedVault vault) throws Exception;
    }

    /** Writes a log anew with the same records in another way from a segment on. */
    private static Attack forged(long segment, Setting setting) {
        return vault -> {
            LogForger forger = vault.forge(ACME, segment);
            setting.of(forger, vault);
            forger.write();
        };
    }

    private interface PartsChange {
        void of(List<byte[]> parts, MutatedVault vault) throws Exception;
    }

    /** Changes the parts of the second segment's file. */
    private static Attack segmentParts(PartsChange change) {
        return vault -> {
            List<byte[]> parts = new ArrayList<>(parts(vault.segment(2)));
            change.of(parts, vault);
            join(vault.segment(2), parts);
        };
    }

    private static LogRecord invented(LogRecord record, int n) {
        return LogForger.edited(record, "\"id\":\"acme-", "\"id\":\"invented-" + n + "-");
    }

    private static List<LogRecord> others(MutatedVault vault, long segment) throws Exception {
        return vault.forge(OTHER, segment).segments.get(0);
    }

    /** The keys of a log but for some purposes, for which they are new. */
    private static TenantKeys withOther(MutatedVault vault, Purpose... purposes) throws Exception {
        var kek = vault.unlocked().keyEncryption();
        String owner = LogKeys.owner(vault.unlocked().settings().vaultId(), vault.logId(ACME));
        Map<Purpose, byte[]> wrapped =
                new TreeMap<>(vault.unlocked().keys(vault.log(ACME)).wrap(kek));
        Map<Purpose, byte[]> fresh = TenantKeys.generate(owner).wrap(kek);
        for (Purpose purpose : purposes) {
            wrapped.put(purpose, fresh.get(purpose));
        }
        return TenantKeys.unwrap(owner, wrapped, kek);
    }

    private static byte[] range(byte[] bytes, int from, int to) {
        return Arrays.copyOfRange(bytes, from, to);
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /** Where the leaf hashes of a block begin: after magic, kind, first seq, count, plain bytes and cipher bytes. */
    private static final int LEAVES_AT = 25;

    private static final int COUNT_AT = 13;

    private static int leafAt(int record) {
        return LEAVES_AT + Digest.BYTES * record;
    }

    static {
        records();
        blocks();
        segments();
        seals();
        anchors();
    }

    private static void records() {
        Level level = Level.RECORD;
        keys(
                level,
                Mutation.FLIP,
                records(2, (r, v) -> r.set(1, LogForger.edited(r.get(1), "document.read", "document.rend"))),
                SEGMENT_2,
                OTHER_ROOT);
        disk(
                level,
                Mutation.FLIP,
                segmentParts((p, v) -> p.get(1)[leafAt(1)] ^= 1),
                Claim.SEGMENTS,
                SEGMENT_2,
                NOT_SEALED_SO);
        signer(
                level,
                Mutation.FLIP,
                forged(2, (f, v) -> f.leafOccurredAt = record -> record.occurredAt() + (record.seq() % 3 == 0 ? 1 : 0)),
                Claim.RECORDS,
                SEGMENT_2,
                NOT_COMMITTED_TO);
        keys(level, Mutation.DELETE, records(2, (r, v) -> r.remove(1)), SEGMENT_3, OTHER_ROOT);
        disk(
                level,
                Mutation.DELETE,
                segmentParts((p, v) -> {
                    byte[] block = p.get(1);
                    ByteBuffer.wrap(block).putInt(COUNT_AT, RECORDS_PER_BLOCK - 1);
                    p.set(1, joined(range(block, 0, leafAt(1)), range(block, leafAt(2), block.length)));
                }),
                Claim.SEGMENTS,
                SEGMENT_2,
                NOT_SEALED_SO);
        keys(level, Mutation.INSERT, records(2, (r, v) -> r.add(1, invented(r.get(0), 1))), SEGMENT_2, OTHER_ROOT);
        keys(level, Mutation.SWAP, records(2, (r, v) -> Collections.swap(r, 0, 4)), SEGMENT_2, OTHER_ROOT);
        disk(
                level,
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
        keys(level, Mutation.REORDER, records(2, (r, v) -> Collections.rotate(r, 1)), SEGMENT_2, OTHER_ROOT);
        keys(level, Mutation.TRUNCATE, records(3, (r, v) -> r.remove(r.size() - 1)), "acme", CUT_OFF);
        keys(level, Mutation.REPLAY, records(2, (r, v) -> r.add(5, r.get(1))), SEGMENT_2, OTHER_ROOT);
        keys(
                level,
                Mutation.TRANSPLANT,
                records(2, (r, v) -> r.set(1, others(v, 2).get(1))),
                SEGMENT_2,
                OTHER_ROOT);
        signer(
                level,
                Mutation.TRANSPLANT,
                records(2, (r, v) -> r.set(1, others(v, 2).get(1))),
                Claim.RECORDS,
                SEGMENT_2,
                NOT_COMMITTED_TO);
        keys(level, Mutation.DOWNGRADE, forged(2, (f, v) -> f.version = 0), SEGMENT_2, OTHER_ROOT);
        signer(
                level,
                Mutation.DOWNGRADE,
                forged(2, (f, v) -> f.version = 0),
                Claim.RECORDS,
                SEGMENT_2,
                "expected a record of version 1");
        keys(level, Mutation.REKEY, forged(2, (f, v) -> f.keys = withOther(v, Purpose.SALT)), SEGMENT_2, OTHER_ROOT);
        signer(
                level,
                Mutation.REKEY,
                forged(2, (f, v) -> f.keys = withOther(v, Purpose.SALT)),
                Claim.RECORDS,
                SEGMENT_2,
                NOT_COMMITTED_TO);
        signer(
                level,
                Mutation.REKEY,
                forged(2, (f, v) -> f.pseudonymKeys = withOther(v, Purpose.TAG)),
                Claim.RECORDS,
                SEGMENT_2,
                NOT_COMMITTED_TO);
        cell(
                level,
                Mutation.INDEX_LIE,
                Attacker.KEYS,
                v -> {
                    // An index that is encrypted as it should be, of other records than the segment has.
                    MutatedVault elsewhere = copy("index");
                    LogForger forger = elsewhere.forge(ACME, 2);
                    forger.segments.get(0).remove(1);
                    forger.write();
                    Files.copy(
                            elsewhere.log(ACME).index(2),
                            v.log(ACME).index(2),
                            java.nio.file.StandardCopyOption.REPLACE_EXISTING);
                    remove(elsewhere);
                },
                Finder.AUDITOR,
                Claim.INDEX,
                "acme/index/00000002.evx",
                "not the one that the seal names");
        fork(level, records(3, (r, v) -> r.set(1, invented(r.get(1), 2))));
        absent(level, Mutation.RESTORE, "a record is written once: there is no older version to put back");
    }

    private static void blocks() {
        Level level = Level.BLOCK;
        disk(
                level,
                Mutation.FLIP,
                segmentParts((p, v) -> p.get(2)[p.get(2).length - 1] ^= 1),
                Claim.SEGMENTS,
                SEGMENT_2,
                NOT_SEALED_SO);
        disk(level, Mutation.DELETE, segmentParts((p, v) -> p.remove(2)), Claim.SEGMENTS, SEGMENT_2, "block");
        keys(
                level,
                Mutation.DELETE,
                records(2, (r, v) -> r.subList(0, RECORDS_PER_BLOCK).clear()),
                SEGMENT_3,
                OTHER_ROOT);
        disk(level, Mutation.INSERT, segmentParts((p, v) -> p.add(2, p.get(1))), Claim.SEGMENTS, SEGMENT_2, "block");
        keys(
                level,
                Mutation.INSERT,
                records(2, (r, v) -> {
                    for (int i = 0; i < RECORDS_PER_BLOCK; i++) {
                        r.add(RECORDS_PER_BLOCK, invented(r.get(i), i));
                    }
                }),
                SEGMENT_2,
                OTHER_ROOT);
        disk(
                level,
                Mutation.SWAP,
                segmentParts((p, v) -> Collections.swap(p, 1, 2)),
                Claim.SEGMENTS,
                SEGMENT_2,
                "block");
        keys(
                level,
                Mutation.SWAP,
                records(2, (r, v) -> Collections.rotate(r.subList(0, 2 * RECORDS_PER_BLOCK), RECORDS_PER_BLOCK)),
                SEGMENT_2,
                OTHER_ROOT);
        disk(
                level,
                Mutation.REORDER,
                segmentParts((p, v) -> Collections.rotate(p.subList(1, 4), 1)),
                Claim.SEGMENTS,
                SEGMENT_2,
                "block");
        disk(
                level,
                Mutation.TRUNCATE,
                segmentParts((p, v) -> p.subList(3, p.size()).clear()),
                Claim.SEGMENTS,
                SEGMENT_2,
                "expected the end mark of a segment");
        keys(
                level,
                Mutation.TRUNCATE,
                records(3, (r, v) -> r.subList(RECORDS_PER_BLOCK, r.size()).clear()),
                "acme",
                CUT_OFF);
        disk(
                level,
                Mutation.REPLAY,
                segmentParts((p, v) -> p.set(1, parts(v.segment(1)).get(1))),
                Claim.SEGMENTS,
                SEGMENT_2,
                "block");
        keys(
                level,
                Mutation.REPLAY,
                records(2, (r, v) -> r.addAll(r.subList(0, RECORDS_PER_BLOCK))),
                SEGMENT_3,
                OTHER_ROOT);
        disk(
                level,
                Mutation.TRANSPLANT,
                segmentParts((p, v) -> p.set(1, parts(v.log(OTHER).segment(2)).get(1))),
                Claim.SEGMENTS,
                SEGMENT_2,
                "block");
        keys(
                level,
                Mutation.TRANSPLANT,
                records(2, (r, v) -> {
                    for (int i = 0; i < RECORDS_PER_BLOCK; i++) {
                        r.set(i, others(v, 2).get(i));
                    }
                }),
                SEGMENT_2,
                OTHER_ROOT);
        absent(level, Mutation.DOWNGRADE, "a block has no version of its own: that of the segment's file holds");
        cell(
                level,
                Mutation.REKEY,
                Attacker.KEYS,
                segmentParts((p, v) -> {
                    // The same records under the same keys of the log: only the file's own key is another.
                    MutatedVault elsewhere = copy("rekeyed");
                    elsewhere.forge(ACME, 2).write();
                    p.set(1, parts(elsewhere.segment(2)).get(1));
                    remove(elsewhere);
                }),
                Finder.AUDITOR,
                Claim.SEGMENTS,
                SEGMENT_2,
                NOT_SEALED_SO);
        keys(level, Mutation.INDEX_LIE, forged(2, (f, v) -> f.indexer = lying()), SEGMENT_2, OTHER_ROOT);
        fork(level, forged(3, (f, v) -> {}));
        absent(level, Mutation.RESTORE, "a block is written once: there is no older version to put back");
    }

    /** An indexer that finds each block's records in the next. */
    private static SegmentIndexer lying() {
        return () -> {
            SegmentIndexer.Builder honest = MutatedVault.INDEXER.begin();
            return new SegmentIndexer.Builder() {
                @Override
                public void addBlock(int ordinal, byte[] plain, int plainBytes) throws java.io.IOException {
                    honest.addBlock(ordinal + 1, plain, plainBytes);
                }

                @Override
                public byte[] finish() throws java.io.IOException {
                    return honest.finish();
                }
            };
        };
    }

    private static void segments() {
        Level level = Level.SEGMENT;
        disk(
                level,
                Mutation.FLIP,
                v -> flip(v.segment(2), 8 + 16 + 8 + 8),
                Claim.SEGMENTS,
                SEGMENT_2,
                "the header is not the one that was sealed");
        disk(
                level,
                Mutation.DELETE,
                v -> Files.delete(v.segment(2)),
                Claim.SEGMENTS,
                SEGMENT_2,
                "the segment is missing");
        keys(
                level,
                Mutation.DELETE,
                v -> {
                    LogForger forger = v.forge(ACME, 2);
                    forger.segments.remove(0);
                    forger.write();
                },
                "acme",
                CUT_OFF);
        keys(
                level,
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
                level,
                Mutation.SWAP,
                v -> rotate(List.of(v.segment(1), v.segment(2))),
                Claim.SEGMENTS,
                SEGMENT_1,
                "expected segment 1");
        keys(
                level,
                Mutation.SWAP,
                v -> {
                    LogForger forger = v.forge(ACME, 2);
                    Collections.swap(forger.segments, 0, 1);
                    forger.write();
                },
                SEGMENT_2,
                OTHER_ROOT);
        disk(
                level,
                Mutation.REORDER,
                v -> rotate(List.of(v.segment(1), v.segment(2), v.segment(3))),
                Claim.SEGMENTS,
                SEGMENT_1,
                "expected segment 1");
        disk(
                level,
                Mutation.TRUNCATE,
                v -> {
                    Files.delete(v.segment(3));
                    Files.delete(v.log(ACME).index(3));
                },
                Claim.ANCHORS,
                "acme",
                CUT_OFF);
        disk(
                level,
                Mutation.REPLAY,
                v -> Files.copy(v.segment(2), v.segment(4)),
                Claim.SEGMENTS,
                "acme/log/00000004.evs",
                "expected segment 4");
        keys(
                level,
                Mutation.REPLAY,
                v -> {
                    LogForger forger = v.forge(ACME, 4);
                    forger.segments.add(v.forge(ACME, 2).segments.get(0));
                    forger.write();
                },
                "acme/log/00000004.evs",
                "are under no anchor, and the journal does not hold their records");
        disk(
                level,
                Mutation.TRANSPLANT,
                v -> rotate(List.of(v.segment(2), v.log(OTHER).segment(2))),
                Claim.SEGMENTS,
                SEGMENT_2,
                "expected a segment of log");
        disk(
                level,
                Mutation.DOWNGRADE,
                v -> flip(v.segment(2), 7),
                Claim.SEGMENTS,
                SEGMENT_2,
                "expected a segment file of version 1");
        keys(level, Mutation.REKEY, v -> rekey(v, 1), SEGMENT_1, OTHER_ROOT);
        signer(
                level,
                Mutation.REKEY,
                forged(2, (f, v) -> f.keys = withOther(v, Purpose.CONTENT)),
                Claim.RECORDS,
                SEGMENT_2,
                "the segment is not under this tenant's key");
        disk(
                level,
                Mutation.INDEX_LIE,
                v -> rotate(List.of(v.log(ACME).index(1), v.log(ACME).index(2))),
                Claim.INDEX,
                "acme/index/00000001.evx",
                "not the one that the seal names");
        fork(level, records(3, (r, v) -> {
            List<LogRecord> invented =
                    r.stream().map(record -> invented(record, 3)).toList();
            r.clear();
            r.addAll(invented);
        }));
        disk(
                level,
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
        forger.keys = fresh.unwrap(
                vault.unlocked().settings().vaultId(), vault.unlocked().keyEncryption());
        forger.pseudonymKeys = forger.keys;
        forger.keyFile = Digest.sha256(fresh.format());
        forger.write();
    }

    private static void seals() {
        Level level = Level.SEAL;
        disk(
                level,
                Mutation.FLIP,
                segmentParts((p, v) -> p.get(p.size() - 1)[4] ^= 1),
                Claim.SEGMENTS,
                SEGMENT_3,
                "the seal does not follow that of the segment before");
        disk(
                level,
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
                level,
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
                level,
                Mutation.DELETE,
                segmentParts((p, v) -> p.remove(p.size() - 1)),
                Claim.SEGMENTS,
                SEGMENT_2,
                "expected the end mark of a segment");
        disk(
                level,
                Mutation.INSERT,
                segmentParts((p, v) -> p.add(p.get(p.size() - 1))),
                Claim.SEGMENTS,
                SEGMENT_2,
                "expected the header of a block");
        disk(level, Mutation.SWAP, v -> rotateSeals(v, 1, 2), Claim.SEGMENTS, SEGMENT_1, "expected segment 1");
        disk(level, Mutation.REORDER, v -> rotateSeals(v, 1, 2, 3), Claim.SEGMENTS, SEGMENT_1, "expected segment 1");
        keys(
                level,
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
                level,
                Mutation.REPLAY,
                segmentParts((p, v) -> {
                    List<byte[]> earlier = parts(v.segment(1));
                    p.set(p.size() - 1, earlier.get(earlier.size() - 1));
                }),
                Claim.SEGMENTS,
                SEGMENT_2,
                "expected segment 2");
        disk(
                level,
                Mutation.TRANSPLANT,
                segmentParts((p, v) -> {
                    List<byte[]> others = parts(v.log(OTHER).segment(2));
                    p.set(p.size() - 1, others.get(others.size() - 1));
                }),
                Claim.SEGMENTS,
                SEGMENT_2,
                "the header is not the one that was sealed");
        disk(
                level,
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
                level,
                Mutation.REKEY,
                Attacker.SIGNER,
                then(forged(3, (f, v) -> f.keyFile = Digest.sha256(new byte[] {1})), v -> v.anchorAnew(0)),
                Finder.AUDITOR,
                Claim.SEGMENTS,
                "acme/keys.json",
                "the keys are not those that the last seal names");
        disk(
                level,
                Mutation.INDEX_LIE,
                v -> Files.delete(v.log(ACME).index(2)),
                Claim.INDEX,
                "acme/index/00000002.evx",
                "the index is missing");
        keys(level, Mutation.INDEX_LIE, forged(2, (f, v) -> f.indexer = null), SEGMENT_2, OTHER_ROOT);
        fork(level, forged(3, (f, v) -> f.sealDelayNanos = 1));
        absent(
                level,
                Mutation.RESTORE,
                "a segment is sealed once: an older seal is that of another segment, see replay");
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

    private static void anchors() {
        Level level = Level.ANCHOR;
        String anchor1 = "anchors/00000001.eva";
        String anchor2 = "anchors/00000002.eva";
        String anchor3 = "anchors/00000003.eva";
        disk(
                level,
                Mutation.FLIP,
                v -> flip(v.layout.anchor(2), 16),
                Claim.ANCHORS,
                anchor2,
                "the checkpoint is not that of the node's log with this anchor");
        disk(
                level,
                Mutation.DELETE,
                v -> Files.delete(v.layout.anchor(2)),
                Claim.ANCHORS,
                anchor2,
                "the anchor is missing");
        disk(
                level,
                Mutation.INSERT,
                v -> Files.copy(v.layout.anchor(3), v.layout.anchor(4)),
                Claim.ANCHORS,
                "anchors/00000004.eva",
                "expected anchor 3, found 2");
        disk(
                level,
                Mutation.SWAP,
                v -> rotate(List.of(v.layout.anchor(1), v.layout.anchor(2))),
                Claim.ANCHORS,
                anchor1,
                "expected anchor 0, found 1");
        disk(
                level,
                Mutation.REORDER,
                v -> rotate(List.of(v.layout.anchor(1), v.layout.anchor(2), v.layout.anchor(3))),
                Claim.ANCHORS,
                anchor1,
                "expected anchor 0, found 2");
        disk(
                level,
                Mutation.TRUNCATE,
                v -> Files.delete(v.layout.anchor(3)),
                Claim.ANCHORS,
                "anchors/checkpoint",
                "some were removed or replaced");
        disk(
                level,
                Mutation.TRUNCATE,
                v -> v.dropAnchors(2),
                Claim.ANCHORS,
                SEGMENT_3,
                "are under no anchor, and the journal does not hold their records");
        disk(
                level,
                Mutation.REPLAY,
                v -> Files.write(v.layout.checkpoint(), note(v, 2).format()),
                Claim.ANCHORS,
                "anchors/checkpoint",
                "expected the checkpoint of the latest anchor");
        disk(
                level,
                Mutation.TRANSPLANT,
                v -> {
                    Path another = directory.resolve("another");
                    MutatedVault.write(another);
                    Files.copy(
                            new Layout(another).anchor(2),
                            v.layout.anchor(2),
                            java.nio.file.StandardCopyOption.REPLACE_EXISTING);
                },
                Claim.ANCHORS,
                anchor2,
                "the checkpoint is not signed with");
        disk(
                level,
                Mutation.DOWNGRADE,
                v -> flip(v.layout.anchor(2), 7),
                Claim.ANCHORS,
                anchor2,
                "expected the head of an anchor of version 1");
        disk(
                level,
                Mutation.DOWNGRADE,
                v -> ForgedAnchor.withOneSignature(v.unlocked(), 3),
                Claim.ANCHORS,
                anchor3,
                "and the vault's ML-DSA-44 key");
        cell(
                level,
                Mutation.REKEY,
                Attacker.KEYS,
                v -> {
                    Settings settings = v.unlocked().settings();
                    NodeKeys own = NodeKeys.generate(Settings.owner(settings.vaultId()));
                    String name = Settings.keyName(settings.vaultId());
                    v.anchorAnew(0, own, new CheckpointSigner(own.signer(name), own.postQuantumSigner(name)), 0);
                },
                Finder.AUDITOR,
                Claim.ANCHORS,
                anchor1,
                "the checkpoint is not signed with");
        cell(
                level,
                Mutation.INDEX_LIE,
                Attacker.SIGNER,
                v -> ForgedAnchor.overAnotherHead(v.unlocked(), 3, v.logId(ACME), Digest.sha256(new byte[] {1})),
                Finder.OWNER,
                Claim.ANCHORS,
                anchor3,
                "the root over all logs is not that of the anchor's entries");
        cell(
                level,
                Mutation.FORK,
                Attacker.SIGNER,
                v -> v.anchorAnew(2, v.unlocked().nodeKeys(), v.unlocked().checkpointSigner(), 1),
                Finder.KEEPER,
                Claim.ANCHORS,
                KEPT,
                PUT_BACK);
        cell(
                level,
                Mutation.RESTORE,
                Attacker.DISK,
                v -> {
                    for (String tenant : List.of(ACME, OTHER)) {
                        Files.delete(v.log(tenant).segment(3));
                        Files.delete(v.log(tenant).index(3));
                    }
                    v.dropAnchors(2);
                },
                Finder.KEEPER,
                Claim.ANCHORS,
                KEPT,
                PUT_BACK);
    }

    private static SignedNote note(MutatedVault vault, long number) throws Exception {
        return Anchor.read(vault.layout, number, vault.unlocked().settings().keys())
                .note();
    }

    private static MutatedVault copy(String name) throws Exception {
        return MutatedVault.copy(contents, directory.resolve(name));
    }

    private static void remove(MutatedVault vault) throws Exception {
        try (Stream<Path> all = Files.walk(vault.layout.root())) {
            for (Path each : all.sorted(Collections.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }

    private static VerificationReport audit(MutatedVault vault, @Nullable SignedNote known) throws Exception {
        return new VaultVerifier(null, known).verify(vault.layout.root());
    }

    private static VerificationReport own(MutatedVault vault, @Nullable SignedNote known) throws Exception {
        return new VaultVerifier(null, known).verify(vault.unlocked());
    }

    private static void requirePassed(VerificationReport report) {
        assertEquals(Verdict.PASSED, report.verdict(), report::toString);
    }

    private static void requireFound(Cell cell, MutatedVault vault, VerificationReport report) {
        assertEquals(Verdict.FAILED, report.verdict(), report::toString);
        String where = cell.where();
        for (String tenant : List.of(ACME, OTHER)) {
            if (where.equals(tenant) || where.startsWith(tenant + "/")) {
                where = where.replaceFirst(tenant, "tenants/" + vault.logId(tenant));
            }
        }
        String place = where;
        assertTrue(
                report.with(Verdict.FAILED).stream()
                        .anyMatch(finding -> finding.claim() == cell.claim()
                                && finding.where().equals(place)
                                && finding.reason().contains(cell.reason())),
                () -> "expected " + cell.claim() + " at " + place + ": " + cell.reason() + ", found " + report);
    }

    private static void check(Cell cell) throws Exception {
        MutatedVault vault = copy("cell");
        try {
            requirePassed(audit(vault, kept));
            requirePassed(own(vault, kept));
            cell.attack().run(vault);
            Map<String, byte[]> after = SmallVault.contents(vault.layout.root());
            assertTrue(
                    !after.keySet().equals(contents.keySet())
                            || after.entrySet().stream()
                                    .anyMatch(file -> !Arrays.equals(file.getValue(), contents.get(file.getKey()))),
                    "something was changed");
            switch (cell.finder()) {
                case AUDITOR -> {
                    requireFound(cell, vault, audit(vault, null));
                    assertEquals(Verdict.FAILED, own(vault, null).verdict());
                }
                case OWNER -> {
                    requirePassed(audit(vault, null));
                    requireFound(cell, vault, own(vault, null));
                }
                case KEEPER -> {
                    requirePassed(audit(vault, null));
                    requirePassed(own(vault, null));
                    requireFound(cell, vault, audit(vault, kept));
                    requireFound(cell, vault, own(vault, kept));
                }
            }
            if (cell.mutation() == Mutation.FORK) {
                HistoryComparison.Result compared = new HistoryComparison(null).compare(base, vault.layout.root());
                assertEquals(Verdict.FAILED, compared.verdict());
                assertTrue(compared.proof().isPresent());
            }
            if (cell.attacker() == Attacker.KEYS && cell.claim() == Claim.ANCHORS) {
                // All else was mended: it is the signature alone that this attacker cannot make.
                vault.anchorAnew(0);
                requirePassed(audit(vault, null));
            }
        } finally {
            remove(vault);
        }
    }

    @TestFactory
    Stream<DynamicTest> everyMutationIsFound() {
        return CELLS.stream()
                .map(cell -> DynamicTest.dynamicTest(cell + ", found by " + cell.finder(), () -> check(cell)));
    }

    @Test
    void everyCellIsThereOrSaysWhyNot() {
        for (Level level : Level.values()) {
            for (Mutation mutation : Mutation.values()) {
                boolean there = CELLS.stream().anyMatch(cell -> cell.level() == level && cell.mutation() == mutation);
                assertNotEquals(there, ABSENT.containsKey(level + " " + mutation), level + " " + mutation);
            }
        }
        assertFalse(ABSENT.values().stream().anyMatch(String::isBlank));
    }

    /** What the attacks are made with changes nothing that it is not told to. */
    @Test
    void aLogThatIsWrittenAnewAsItWasIsWhole() throws Exception {
        MutatedVault vault = copy("unchanged");
        try (SegmentFile file = new SegmentFile(vault.segment(2))) {
            assertEquals(4, file.blocks().size(), "three blocks of records and the actor table");
        }
        for (long from = 1; from <= MutatedVault.SEGMENTS; from++) {
            LogForger forger = vault.forge(ACME, from);
            assertEquals(MutatedVault.SEGMENTS + 1 - from, forger.segments.size());
            forger.segments.forEach(records -> assertEquals(MutatedVault.RECORDS_PER_SEGMENT, records.size()));
            List<String> before = lines(forger);
            forger.write();
            assertEquals(before, lines(vault.forge(ACME, from)));
            vault.anchorAnew(0);
            requirePassed(audit(vault, null));
            requirePassed(own(vault, null));
        }
        List<Long> anchors = Layout.numbers(vault.layout.anchors(), Layout.ANCHOR_SUFFIX);
        assertEquals(MutatedVault.SEGMENTS, anchors.size());
        remove(vault);
    }
}
