package dev.evidencevault.mutation;

import static dev.evidencevault.mutation.MutatedVault.ACME;
import static dev.evidencevault.mutation.MutatedVault.OTHER;
import static dev.evidencevault.mutation.MutatedVault.join;
import static dev.evidencevault.mutation.MutatedVault.parts;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.evidencevault.crypto.keys.TenantKeys;
import dev.evidencevault.crypto.keys.TenantKeys.Purpose;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.mutation.Cell.Attack;
import dev.evidencevault.mutation.Cell.Attacker;
import dev.evidencevault.mutation.Cell.Finder;
import dev.evidencevault.mutation.Cell.Level;
import dev.evidencevault.mutation.Cell.Mutation;
import dev.evidencevault.storage.LogKeys;
import dev.evidencevault.verify.Claim;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is done at one level of a vault. The attacks are made with these: files that are changed and nothing else; logs
 * that are written anew with their keys, so that nothing but a signature tells; anchors that are signed anew as well.
 */
abstract class LevelMutations {
    static final String SEGMENT_1 = "acme/log/00000001.evs";
    static final String SEGMENT_2 = "acme/log/00000002.evs";
    static final String SEGMENT_3 = "acme/log/00000003.evs";
    static final String OTHER_ROOT = "do not give the root that anchor";
    static final String NOT_SEALED_SO = "not the one that was sealed";
    static final String CUT_OFF = "its end was cut off or changed";
    static final String NOT_COMMITTED_TO = "is not the one that the tree commits to";
    static final String KEPT = "the kept checkpoint";
    static final String PUT_BACK = "the vault was put back or replaced";

    final Level level;
    final List<Cell> cells = new ArrayList<>();

    /** What there is no such thing as at this level, and why. */
    final Map<Mutation, String> absent = new EnumMap<>(Mutation.class);

    LevelMutations(Level level) {
        this.level = level;
    }

    final void cell(
            Mutation mutation,
            Attacker attacker,
            Attack attack,
            Finder finder,
            Claim claim,
            String where,
            String reason) {
        cells.add(new Cell(level, mutation, attacker, attack, finder, claim, where, reason));
    }

    /** Files are changed, and nothing else is. */
    final void disk(Mutation mutation, Attack attack, Claim claim, String where, String reason) {
        cell(mutation, Attacker.DISK, attack, Finder.AUDITOR, claim, where, reason);
    }

    /** All is mended but the anchors. */
    final void keys(Mutation mutation, Attack attack, String where, String reason) {
        cell(mutation, Attacker.KEYS, attack, Finder.AUDITOR, Claim.ANCHORS, where, reason);
    }

    /** Anchors are signed anew, and the records are not what the leaves say. */
    final void signer(Mutation mutation, Attack attack, Claim claim, String where, String reason) {
        cell(mutation, Attacker.SIGNER, then(attack, v -> v.anchorAnew(0)), Finder.OWNER, claim, where, reason);
    }

    /** A second history from the last segment on, whole in itself. */
    final void fork(Attack attack) {
        cell(
                Mutation.FORK,
                Attacker.SIGNER,
                then(attack, v -> v.anchorAnew(2)),
                Finder.KEEPER,
                Claim.ANCHORS,
                KEPT,
                PUT_BACK);
    }

    final void absent(Mutation mutation, String reason) {
        absent.put(mutation, reason);
    }

    static Attack then(Attack first, Attack second) {
        return vault -> {
            first.run(vault);
            second.run(vault);
        };
    }

    interface Change {
        void of(List<LogRecord> records, MutatedVault vault) throws Exception;
    }

    /** Writes a log anew with other records from a segment on. */
    static Attack records(long segment, Change change) {
        return vault -> {
            LogForger forger = vault.forge(ACME, segment);
            List<String> before = lines(forger);
            change.of(forger.segments.get(0), vault);
            assertNotEquals(before, lines(forger), "the records are others now");
            forger.segments.removeIf(List::isEmpty);
            forger.write();
        };
    }

    static List<String> lines(LogForger forger) {
        return forger.segments.stream()
                .flatMap(List::stream)
                .map(record -> new String(record.line(), StandardCharsets.UTF_8))
                .toList();
    }

    interface Setting {
        void of(LogForger forger, MutatedVault vault) throws Exception;
    }

    /** Writes a log anew with the same records in another way from a segment on. */
    static Attack forged(long segment, Setting setting) {
        return vault -> {
            LogForger forger = vault.forge(ACME, segment);
            setting.of(forger, vault);
            forger.write();
        };
    }

    interface PartsChange {
        void of(List<byte[]> parts, MutatedVault vault) throws Exception;
    }

    /** Changes the parts of the second segment's file. */
    static Attack segmentParts(PartsChange change) {
        return vault -> {
            List<byte[]> parts = new ArrayList<>(parts(vault.segment(2)));
            change.of(parts, vault);
            join(vault.segment(2), parts);
        };
    }

    static LogRecord invented(LogRecord record, int n) {
        return LogForger.edited(record, "\"id\":\"acme-", "\"id\":\"invented-" + n + "-");
    }

    static List<LogRecord> others(MutatedVault vault, long segment) throws Exception {
        return vault.forge(OTHER, segment).segments.get(0);
    }

    /** The keys of a log but for some purposes, for which they are new. */
    static TenantKeys withOther(MutatedVault vault, Purpose... purposes) throws Exception {
        var kek = vault.unlocked().keyEncryption();
        String owner = LogKeys.owner(vault.unlocked().settings().vaultId(), vault.logId(ACME));
        Map<Purpose, byte[]> wrapped =
                new TreeMap<>(vault.unlocked().keys(vault.log(ACME)).wrap(kek));
        Map<Purpose, byte[]> fresh = TenantKeys.generate(owner).wrap(kek);
        for (Purpose purpose : purposes) {
            wrapped.put(purpose, fresh.get(purpose));
        }
        return TenantKeys.unwrap(owner, TenantKeys.FIRST_EPOCH, wrapped, kek);
    }

    static byte[] range(byte[] bytes, int from, int to) {
        return Arrays.copyOfRange(bytes, from, to);
    }

    static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /** Where the leaf hashes of a block begin: after magic, kind, first seq, count, plain bytes and cipher bytes. */
    static final int LEAVES_AT = 25;

    static final int COUNT_AT = 13;

    static int leafAt(int record) {
        return LEAVES_AT + Digest.BYTES * record;
    }
}
