package dev.evidencevault.segment;

import dev.evidencevault.crypto.aead.FileCipher;
import dev.evidencevault.crypto.merkle.CompactRange;
import dev.evidencevault.crypto.vrf.VrfPublicKey;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.LogId;
import dev.evidencevault.format.Seal;
import dev.evidencevault.segment.SegmentFile.BlockRef;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What has to hold of a segment, without a key, where the log stood before it is known. */
public final class SegmentCheck {
    private SegmentCheck() {}

    /**
     * Requires that a segment follows upon the one before it, and that its blocks and leaves are those that its seal was
     * made over. Reads all of it.
     *
     * @param cipher that of the vault's suite
     * @param before where the log stood
     * @param tagKey the key of pseudonyms that the segment before names; null if there is none: under two, an actor could
     *     have two pseudonyms and be looked for under one
     * @throws CorruptFileException if something does not hold
     */
    public static void require(
            SegmentFile file, LogId logId, FileCipher cipher, SegmentEnd before, @Nullable VrfPublicKey tagKey)
            throws IOException {
        long number = before.segments() + 1;
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
                file.firstSeq() == before.tree().to() && seal.firstSeq() == file.firstSeq(),
                0,
                "expected the segment from record " + before.tree().to());
        require(file, seal.fileHeader().equals(file.headerDigest()), 0, "the header is not the one that was sealed");
        require(
                file,
                before.sealLeaf() == null
                        ? seal.previousSeal() == null
                        : before.sealLeaf().equals(seal.previousSeal()),
                0,
                "the seal does not follow that of the segment before");
        require(
                file,
                tagKey == null || tagKey.equals(seal.tagKey()),
                0,
                "the key of pseudonyms is another than before");
        CompactRange tree = checkBlocks(file, before);
        require(
                file,
                tree.root().equals(seal.tree())
                        && tree.to() == file.sealRecord().seq(),
                0,
                "the leaves are not those that the seal was made over");
        require(
                file,
                seal.events() - before.events() == tree.to() - file.firstSeq(),
                0,
                "the seal counts other events than there are leaves");
        require(file, tree.to() > file.firstSeq(), 0, "the segment has no records");
        require(
                file,
                file.sealRecord().recordedAt() >= before.recordedAt(),
                0,
                "the seal is older than that of the segment before");
    }

    private static CompactRange checkBlocks(SegmentFile file, SegmentEnd before) throws IOException {
        List<BlockRef> blocks = file.blocks();
        CompactRange tree = before.tree().copy();
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
            if (block.records()) {
                file.leafHashes(block).forEach(tree::append);
            }
        }
        return tree;
    }

    private static void require(SegmentFile file, boolean holds, long offset, String otherwise)
            throws CorruptFileException {
        if (!holds) {
            throw new CorruptFileException(file.path(), offset, otherwise);
        }
    }
}
