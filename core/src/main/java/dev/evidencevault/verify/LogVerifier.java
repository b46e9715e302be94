package dev.evidencevault.verify;

import dev.evidencevault.crypto.aead.FileCipher;
import dev.evidencevault.crypto.merkle.CompactRange;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.vrf.VrfPublicKey;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.LogId;
import dev.evidencevault.format.Seal;
import dev.evidencevault.segment.SegmentEnd;
import dev.evidencevault.segment.SegmentFile;
import dev.evidencevault.segment.SegmentFile.BlockRef;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Layout.LogDirectory;
import dev.evidencevault.storage.LogKeys;
import dev.evidencevault.storage.UnlockedVault;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Verifies the files of one log. For one thread, once. */
final class LogVerifier {
    private final Layout layout;
    private final LogId logId;
    private final LogDirectory directory;
    private final FileCipher cipher;
    private final @Nullable UnlockedVault vault;
    private final Findings findings;
    private final NavigableMap<Long, Digest> heads = new TreeMap<>();
    private final List<Digest> deposits = new ArrayList<>();
    private SegmentEnd end = SegmentEnd.none();
    private @Nullable VrfPublicKey tagKey;
    private @Nullable RecordCheck records;

    LogVerifier(
            Layout layout,
            LogId logId,
            LogDirectory directory,
            FileCipher cipher,
            @Nullable UnlockedVault vault,
            Findings findings) {
        this.cipher = cipher;
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

    void run(WriterState writer) throws IOException {
        VaultVerifier.checkNames(
                directory.path(), Set.of("keys.json", "log", "index", "backups"), writer, layout, findings);
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
        try {
            LogKeys keys = LogKeys.read(directory);
            if (!keys.logId().equals(logId)) {
                findings.failed(
                        Claim.SEGMENTS,
                        Findings.relative(layout.root(), directory.keys()),
                        "the keys are those of log " + keys.logId() + ", not of log " + logId);
            }
            records = vault == null ? null : RecordCheck.of(vault, keys, directory, findings, layout);
            Set<Long> indexed = new HashSet<>();
            for (long number : segments) {
                if (segment(number)) {
                    indexed.add(number);
                }
            }
            Digest keysDigest = Digest.sha256(Files.readAllBytes(directory.keys()));
            if (end.keys() != null && !end.keys().equals(keysDigest)) {
                throw new CorruptFileException(directory.keys(), 0, "the keys are not those that the last seal names");
            }
            for (long number : indexes) {
                boolean unfinished = number == end.segments() + 1 && writer != WriterState.CLOSED;
                if (!indexed.contains(number) && !unfinished) {
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

    private boolean segment(long number) throws IOException {
        if (number != end.segments() + 1) {
            throw new CorruptFileException(
                    directory.segment(end.segments() + 1), 0, "the segment is missing; the next is " + number);
        }
        try (SegmentFile file = new SegmentFile(directory.segment(number))) {
            Seal seal = file.seal();
            require(file, file.logId().equals(logId), 0, "expected a segment of log " + logId);
            require(
                    file,
                    file.cipher() == cipher,
                    0,
                    "expected a segment that is encrypted with " + cipher + ", found one with " + file.cipher());
            require(file, file.number() == number && seal.segment() == number, 0, "expected segment " + number);
            require(
                    file,
                    file.firstSeq() == end.tree().to() && seal.firstSeq() == file.firstSeq(),
                    0,
                    "expected the segment from record " + end.tree().to());
            require(
                    file,
                    seal.fileHeader().equals(file.headerDigest()),
                    0,
                    "the header is not the one that was sealed");
            require(
                    file,
                    end.sealLeaf() == null
                            ? seal.previousSeal() == null
                            : end.sealLeaf().equals(seal.previousSeal()),
                    0,
                    "the seal does not follow that of the segment before");
            requireSameTagKey(file, seal);
            CompactRange tree = checkBlocks(file);
            require(
                    file,
                    tree.root().equals(seal.tree())
                            && tree.to() == file.sealRecord().seq(),
                    0,
                    "the leaves are not those that the seal was made over");
            require(
                    file,
                    seal.events() - end.events() == tree.to() - file.firstSeq(),
                    0,
                    "the seal counts other events than there are leaves");
            require(file, tree.to() > file.firstSeq(), 0, "the segment has no records");
            require(
                    file,
                    file.sealRecord().recordedAt() >= end.recordedAt(),
                    0,
                    "the seal is older than that of the segment before");
            checkRecords(file);
            end = file.end();
            heads.put(end.tree().to(), end.tree().root());
            Digest index = seal.searchIndex();
            if (index != null) {
                checkIndex(file, index);
            }
            return index != null;
        }
    }

    /** The pseudonyms of a log are under one key: under two, an actor could have two and be looked for under one. */
    private void requireSameTagKey(SegmentFile file, Seal seal) throws CorruptFileException {
        VrfPublicKey known = tagKey;
        require(file, known == null || known.equals(seal.tagKey()), 0, "the key of pseudonyms is another than before");
        tagKey = seal.tagKey();
    }

    private CompactRange checkBlocks(SegmentFile file) throws IOException {
        List<BlockRef> blocks = file.blocks();
        CompactRange tree = end.tree().copy();
        for (BlockRef block : blocks) {
            require(
                    file,
                    file.digest(block).equals(file.sealedDigest(block)),
                    block.offset(),
                    "block " + block.ordinal() + " is not the one that was sealed");
            int after = blocks.size() - 1 - block.ordinal();
            boolean inPlace = switch (block.kind()) {
                case RECORDS -> after > 0 && block.firstSeq() == tree.to();
                case DEPOSITS -> after == 1 && block.firstSeq() == 0 && block.plainBytes() == 0;
                case ACTORS -> after == 0;
            };
            require(file, inPlace, block.offset(), "block " + block.ordinal() + " is not where it belongs");
            switch (block.kind()) {
                case RECORDS -> file.leafHashes(block).forEach(tree::append);
                case DEPOSITS -> deposits.addAll(file.leafHashes(block));
                case ACTORS -> {
                    // Stands for itself.
                }
            }
        }
        return tree;
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
            findings.failed(Claim.INDEX, where, "the index is missing");
        }
    }

    private static void require(SegmentFile file, boolean holds, long offset, String otherwise)
            throws CorruptFileException {
        if (!holds) {
            throw new CorruptFileException(file.path(), offset, otherwise);
        }
    }
}
