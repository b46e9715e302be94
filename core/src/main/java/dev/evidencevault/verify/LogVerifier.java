package dev.evidencevault.verify;

import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.vrf.VrfPublicKey;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.DestroyedRecords;
import dev.evidencevault.format.LogId;
import dev.evidencevault.format.Seal;
import dev.evidencevault.format.Timestamps;
import dev.evidencevault.segment.BlockKind;
import dev.evidencevault.segment.CountsFile;
import dev.evidencevault.segment.SegmentCheck;
import dev.evidencevault.segment.SegmentEnd;
import dev.evidencevault.segment.SegmentFile;
import dev.evidencevault.segment.SegmentFile.BlockRef;
import dev.evidencevault.storage.Destruction;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Layout.LogDirectory;
import dev.evidencevault.storage.LogKeys;
import dev.evidencevault.storage.Settings;
import dev.evidencevault.storage.Tombstone;
import dev.evidencevault.storage.UnlockedVault;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Verifies the files of one log. For one thread, once. */
final class LogVerifier {
    /** A rotation of keys, or their destruction, may be cut short at any time, also in a vault that was closed. */
    private static final Set<String> NAMES = Set.of(
            "keys.json",
            "keys.next.json",
            "keys.next.json" + Layout.TEMPORARY_SUFFIX,
            "tombstone.note",
            "tombstone.note" + Layout.TEMPORARY_SUFFIX,
            "log",
            "index",
            "backups");

    /** A copy's keys lie apart, and what was deposited is named by its manifests. */
    private static final Set<String> NAMES_IN_COPY = Set.of("log", "index", "backups");

    private final Layout layout;
    private final LogId logId;
    private final LogDirectory directory;
    private final Settings settings;
    private final @Nullable UnlockedVault vault;
    private final Findings findings;
    private final NavigableMap<Long, Digest> heads = new TreeMap<>();
    private final List<Digest> deposits = new ArrayList<>();
    private final Map<Long, Long> ends = new HashMap<>();
    private SegmentEnd end = SegmentEnd.none();

    /** The number of the first segment whose records the log's keys open. */
    private long firstSegment = 1;

    private @Nullable VrfPublicKey tagKey;
    private @Nullable RecordCheck records;
    private @Nullable Digest announced;

    LogVerifier(
            Layout layout,
            LogId logId,
            LogDirectory directory,
            Settings settings,
            @Nullable UnlockedVault vault,
            Findings findings) {
        this.settings = settings;
        this.layout = layout;
        this.logId = logId;
        this.directory = directory;
        this.vault = vault;
        this.findings = findings;
    }

    /** Returns the log's roots by its sizes after each segment, as far as it is whole. */
    NavigableMap<Long, Digest> heads() {
        return heads;
    }

    /** Returns how many leaves the whole part of the log has. */
    long leaves() {
        return end.tree().to();
    }

    /** Returns the digests of the deposits that the whole part of the log tells of. */
    List<Digest> deposits() {
        return deposits;
    }

    /** Takes keys as well that no seal names yet, since who signs for the copy says that they are the log's. */
    void announced(@Nullable Digest keys) {
        announced = keys;
    }

    void run(WriterState writer) throws IOException {
        Set<String> names = layout.isCopy() ? NAMES_IN_COPY : NAMES;
        VaultVerifier.checkNames(
                directory.path(),
                name -> names.contains(name)
                        || Layout.isNumbered(name, Layout.COUNTS_SUFFIX)
                        || Layout.isUnfinishedCounts(name),
                writer,
                layout,
                findings);
        try {
            // Before the segments are listed: a rotation may begin, or end, at any time.
            Set<Digest> keyFiles = new HashSet<>();
            Tombstone buried = Tombstone.read(directory, logId, settings).orElse(null);
            boolean destroyed = buried != null || layout.isCopy() && !Files.exists(directory.keys());
            LogKeys keys = destroyed ? null : LogKeys.read(directory);
            if (keys != null) {
                addKeyFiles(keys, keyFiles);
                firstSegment = keys.firstSegment();
            }
            // The indexes first: a segment that is finished meanwhile brings its own.
            List<Long> indexes = Layout.numbers(directory.indexes(), Layout.INDEX_SUFFIX);
            List<Long> segments = Layout.numbers(directory.segments(), Layout.SEGMENT_SUFFIX);
            VaultVerifier.checkNumbered(directory.segments(), Layout.SEGMENT_SUFFIX, writer, layout, findings);
            // What indexes several segments is made of the segments at any time, and no seal names it.
            VaultVerifier.checkNames(
                    directory.indexes(),
                    name -> Layout.isNumbered(name, Layout.INDEX_SUFFIX)
                            || Layout.isMerged(name)
                            || Layout.isUnfinishedMerged(name),
                    writer,
                    layout,
                    findings);
            if (keys != null && !keys.logId().equals(logId)) {
                findings.failed(
                        Claim.SEGMENTS,
                        Findings.relative(layout.root(), directory.keys()),
                        "the keys are those of log " + keys.logId() + ", not of log " + logId);
            }
            records = vault == null || keys == null ? null : RecordCheck.of(vault, directory, findings, layout);
            Set<Long> indexed = new HashSet<>();
            for (long number : segments) {
                if (segment(number)) {
                    indexed.add(number);
                }
            }
            if (buried != null) {
                tombstone(buried);
            } else if (keys == null) {
                findings.passed(
                        Claim.FILES,
                        Findings.relative(layout.root(), directory.keys()),
                        "the keys are not there: nobody reads the log in this copy");
            } else {
                addKeyFiles(LogKeys.read(directory), keyFiles);
            }
            boolean known = announced != null && keyFiles.contains(announced);
            if (keys != null && end.keys() != null && !known && !keyFiles.contains(end.keys())) {
                throw new CorruptFileException(directory.keys(), 0, "the keys are not those that the last seal names");
            }
            if (keys != null) {
                checkDestroyed(LogKeys.read(directory));
            }
            for (long number : indexes) {
                boolean unfinished = number == end.segments() + 1 && writer != WriterState.CLOSED;
                if (!indexed.contains(number) && !unfinished && number >= firstSegment) {
                    findings.failed(
                            Claim.INDEX,
                            Findings.relative(layout.root(), directory.index(number)),
                            "no seal names this index");
                }
            }
        } catch (CorruptFileException e) {
            findings.failed(Claim.SEGMENTS, layout.root(), e);
        }
    }

    /** Compares a tombstone with the log that lies there, and says what is left that it says is gone. */
    private void tombstone(Tombstone tombstone) throws IOException {
        String where = Findings.relative(layout.root(), directory.tombstone());
        if (!layout.isCopy()
                && (tombstone.leaves() != end.tree().to()
                        || !tombstone.root().equals(end.tree().root()))) {
            throw new CorruptFileException(
                    directory.tombstone(),
                    0,
                    "the log had " + tombstone.leaves() + " leaves with root " + tombstone.root()
                            + " when its keys were destroyed, found "
                            + end.tree().to() + " with root " + end.tree().root());
        }
        if (!layout.isCopy() && end.keys() != null && !tombstone.keys().equals(end.keys())) {
            throw new CorruptFileException(
                    directory.tombstone(), 0, "it is of other keys than those that the last seal names");
        }
        List<Path> left = layout.isCopy() ? Destruction.keyFiles(directory) : Destruction.left(directory);
        if (left.isEmpty()) {
            findings.passed(
                    Claim.FILES,
                    where,
                    "the keys of this log were destroyed at " + Timestamps.format(tombstone.time())
                            + ": nobody reads its records; its leaves, seals and anchors verify");
            return;
        }
        findings.indeterminate(
                Claim.FILES,
                Findings.relative(layout.root(), left.get(0)),
                "a tombstone says that the keys of this log were destroyed, and " + left.size()
                        + " files that went with them are there, or there again: nobody reads them, and "
                        + (layout.isCopy()
                                ? "the next run of copying deletes them"
                                : "whoever opens the vault for writing deletes them"));
    }

    /** Compares what the log's keys leave out with the segments and, if they were read, with the records that are left. */
    private void checkDestroyed(LogKeys keys) throws IOException {
        DestroyedRecords destroyed = keys.destroyed();
        String where = Findings.relative(layout.root(), directory.keys());
        RecordCheck check = records;
        if (destroyed == null || !keys.digest().equals(end.keys())) {
            // Keys that no seal names are about to be replaced.
            return;
        }
        Long leaves = ends.get(destroyed.segments());
        if (leaves == null || leaves != destroyed.leaves()) {
            throw new CorruptFileException(
                    directory.keys(),
                    0,
                    "expected that segment " + destroyed.segments() + " ends after " + destroyed.leaves() + " leaves");
        }
        // Beside a writer, more may have been destroyed meanwhile.
        if (check != null && keys.firstSegment() == firstSegment && !destroyed.equals(check.destroyed())) {
            throw new CorruptFileException(
                    directory.keys(), 0, "the log tells of other destroyed records than its keys leave out");
        }
        if (!layout.isCopy()) {
            CountsFile.require(directory.counts(destroyed.segments()), destroyed.counts());
        }
        findings.passed(
                Claim.RECORDS,
                where,
                "the records of the first " + destroyed.segments() + " segments, leaves 0 to " + destroyed.leaves()
                        + ", were destroyed when their time was over; their leaves and seals are unchanged");
    }

    /** Adds what a seal may name: the keys that are there, and those of the next epoch while keys are rotated. */
    private void addKeyFiles(LogKeys keys, Set<Digest> digests) throws IOException {
        digests.add(keys.digest());
        LogKeys.readNext(directory, keys).ifPresent(next -> digests.add(next.digest()));
    }

    private boolean segment(long number) throws IOException {
        if (number != end.segments() + 1) {
            throw new CorruptFileException(
                    directory.segment(end.segments() + 1), 0, "the segment is missing; the next is " + number);
        }
        try (SegmentFile file = new SegmentFile(directory.segment(number))) {
            SegmentCheck.require(file, logId, settings.suite().cipher(), end, tagKey);
            Seal seal = file.seal();
            tagKey = seal.tagKey();
            checkRecords(file);
            for (BlockRef block : file.blocks()) {
                if (block.kind() == BlockKind.DEPOSITS) {
                    deposits.addAll(file.leafHashes(block));
                }
            }
            end = file.end();
            ends.put(number, end.tree().to());
            heads.put(end.tree().to(), end.tree().root());
            Digest index = seal.searchIndex();
            if (index != null) {
                checkIndex(file, index);
            }
            return index != null;
        }
    }

    /** Fails for records that are not those of the leaves: the tree itself may be whole, and without a key it is. */
    private void checkRecords(SegmentFile file) throws IOException {
        RecordCheck check = records;
        if (check != null) {
            try {
                check.check(file);
            } catch (CorruptFileException e) {
                findings.failed(Claim.RECORDS, layout.root(), e);
                // It counts the records of each actor, and has lost count.
                records = null;
            }
        }
    }

    private void checkIndex(SegmentFile segment, Digest expected) throws IOException {
        RecordCheck check = records;
        Path file = directory.index(segment.number());
        String where = Findings.relative(layout.root(), file);
        try (InputStream in = Files.newInputStream(file)) {
            if (!Digest.sha256(in).equals(expected)) {
                findings.failed(Claim.INDEX, where, "the index is not the one that the seal names");
            } else if (check != null) {
                check.checkIndex(segment);
            }
        } catch (CorruptFileException e) {
            findings.failed(Claim.INDEX, layout.root(), e);
        } catch (NoSuchFileException e) {
            // A copy can be without indexes; one that it has had, its manifests name. No key opens that of destroyed
            // records.
            if (!layout.isCopy() && segment.number() >= firstSegment && !Tombstone.isAt(directory)) {
                findings.failed(Claim.INDEX, where, "the index is missing");
            }
        }
    }
}
