package dev.evidencevault.verify;

import dev.evidencevault.actorindex.ActorIndexBuilder;
import dev.evidencevault.crypto.keys.KeySourceException;
import dev.evidencevault.crypto.keys.TenantKeys;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.Change;
import dev.evidencevault.format.CommitmentScheme;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.DestroyedRecords;
import dev.evidencevault.format.LeafHeader;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.format.RecordKind;
import dev.evidencevault.format.RotatedKeys;
import dev.evidencevault.segment.ActorCounters;
import dev.evidencevault.segment.BlockKind;
import dev.evidencevault.segment.IndexFile;
import dev.evidencevault.segment.PlacedRecord;
import dev.evidencevault.segment.Pseudonyms;
import dev.evidencevault.segment.SegmentContent;
import dev.evidencevault.segment.SegmentDeposits;
import dev.evidencevault.segment.SegmentFile;
import dev.evidencevault.segment.SegmentFile.BlockRef;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Layout.LogDirectory;
import dev.evidencevault.storage.LogKeys;
import dev.evidencevault.storage.UnlockedVault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compares the records of a log, decrypted, with its leaves. For one thread, segment after segment. */
final class RecordCheck {
    private final TenantKeys keys;
    private final String tenant;
    private final LogDirectory directory;
    private final boolean named;
    private final CommitmentScheme events;
    private final ActorCounters counters;

    /** The time of the last record so far, seals included: in a log it never runs backwards. */
    private long recordedAt = Long.MIN_VALUE;

    /** The keys that the last seal so far names. */
    private @Nullable Digest keyFile;

    /** What the last record of a rotation says that was destroyed. */
    private @Nullable DestroyedRecords destroyed;

    private RecordCheck(
            TenantKeys keys, String tenant, LogDirectory directory, boolean named, CommitmentScheme events) {
        this.events = events;
        this.keys = keys;
        this.tenant = tenant;
        this.directory = directory;
        this.named = named;
        this.counters = new ActorCounters(new Pseudonyms(keys));
    }

    static @Nullable RecordCheck of(UnlockedVault vault, LogDirectory directory, Findings findings, Layout layout)
            throws IOException {
        try {
            return new RecordCheck(
                    vault.keys(directory),
                    LogKeys.read(directory).name(vault.nodeKeys()),
                    directory,
                    !directory.equals(layout.service()),
                    vault.settings().events());
        } catch (KeySourceException e) {
            findings.indeterminate(
                    Claim.RECORDS,
                    Findings.relative(layout.root(), directory.keys()),
                    "the records were not read: " + e.getMessage());
            return null;
        } catch (WrongKeyException e) {
            findings.failed(
                    Claim.RECORDS,
                    Findings.relative(layout.root(), directory.keys()),
                    "the keys do not open: " + e.getMessage());
            return null;
        }
    }

    /** Opens the index of a segment, which is there and has its digest. */
    void checkIndex(SegmentFile file) throws IOException {
        if (file.number() < keys.firstSegment()) {
            return;
        }
        IndexFile.open(directory.index(file.number()), file.logId(), file.number(), keys);
    }

    /** Returns what of the log was destroyed, as the records say that are left; null if nothing. */
    @Nullable
    DestroyedRecords destroyed() {
        return destroyed;
    }

    /** Passes over a segment whose records were destroyed. */
    private void pass(SegmentFile file) {
        recordedAt = file.sealRecord().recordedAt();
        keyFile = file.seal().keys();
    }

    void check(SegmentFile file) throws IOException {
        if (file.number() < keys.firstSegment()) {
            pass(file);
            return;
        }
        SegmentContent content = new SegmentContent(file, keys);
        if (keys.firstSegment() > 1) {
            content.begin(counters);
        }
        if (!file.seal().tagKey().equals(keys.tagKey())) {
            throw new CorruptFileException(file.path(), 0, "the seal names another key of pseudonyms than the log has");
        }
        Digest keysNow = keyFile;
        ActorIndexBuilder actors = new ActorIndexBuilder();
        long notices = 0;
        long from = Long.MAX_VALUE;
        long to = Long.MIN_VALUE;
        List<Digest> deposits = new ArrayList<>();
        List<Digest> toldDeposits = new ArrayList<>();
        for (BlockRef block : file.blocks()) {
            if (!block.records()) {
                toldDeposits.addAll(block.kind() == BlockKind.DEPOSITS ? file.leafHashes(block) : List.of());
                continue;
            }
            List<LogRecord> records = content.records(block);
            List<Digest> hashes = file.leafHashes(block);
            byte[] salts = keys.salts(block.firstSeq(), block.count());
            for (int i = 0; i < records.size(); i++) {
                LogRecord record = records.get(i);
                byte[] salt = Arrays.copyOfRange(salts, TenantKeys.SALT_BYTES * i, TenantKeys.SALT_BYTES * (i + 1));
                PlacedRecord place = counters.place(record);
                LeafHeader header = place.header(file.logId(), salt, events, file, block);
                if (!header.leafHash().equals(hashes.get(i))
                        || record.kind() == RecordKind.SEAL
                        || record.recordedAt() < recordedAt
                        || named && !record.tenant().equals(tenant)) {
                    throw new CorruptFileException(
                            file.path(),
                            block.offset(),
                            "record " + record.seq() + " is not the one that the tree commits to");
                }
                recordedAt = record.recordedAt();
                from = Math.min(from, record.occurredAt());
                to = Math.max(to, record.occurredAt());
                keysNow = afterRotation(record, keysNow);
                noteDestroyed(record);
                notices += record.kind().isNotice() ? 1 : 0;
                actors.add(header, hashes.get(i));
                SegmentDeposits.add(record, deposits);
            }
        }
        if (keysNow != null && !keysNow.equals(file.seal().keys())) {
            throw new CorruptFileException(
                    file.path(), 0, "the seal names other keys than the one before, and no record of a rotation does");
        }
        keyFile = file.seal().keys();
        if (from != file.seal().occurredFrom() || to != file.seal().occurredTo()) {
            throw new CorruptFileException(file.path(), 0, "the seal has other times than the records");
        }
        if (file.sealRecord().recordedAt() < recordedAt) {
            throw new CorruptFileException(file.path(), 0, "the seal is older than the records before it");
        }
        recordedAt = file.sealRecord().recordedAt();
        if (file.seal().notices() != notices) {
            throw new CorruptFileException(file.path(), 0, "the seal counts other gaps and changes than there are");
        }
        if (!deposits.equals(toldDeposits)) {
            throw new CorruptFileException(file.path(), 0, "the segment names other deposits than its records tell of");
        }
        if (!content.actors().equals(actors.build())) {
            throw new CorruptFileException(file.path(), 0, "the index of actors is not that of the records");
        }
    }

    private void noteDestroyed(LogRecord record) {
        if (record.kind() == RecordKind.CHANGE) {
            RotatedKeys.after(Change.of(record)).map(RotatedKeys::destroyed).ifPresent(found -> destroyed = found);
        }
    }

    /** Returns which keys a seal has to name after a record. */
    private static @Nullable Digest afterRotation(LogRecord record, @Nullable Digest keys) {
        if (record.kind() != RecordKind.CHANGE) {
            return keys;
        }
        Change change = Change.of(record);
        Digest before = RotatedKeys.before(change).map(RotatedKeys::keys).orElse(null);
        Digest after = RotatedKeys.after(change).map(RotatedKeys::keys).orElse(null);
        return before == null || after == null || keys != null && !before.equals(keys) ? keys : after;
    }
}
