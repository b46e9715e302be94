package dev.evidencevault.segment;

import dev.evidencevault.crypto.aead.DataKey;
import dev.evidencevault.crypto.aead.FileCipher;
import dev.evidencevault.crypto.keys.TenantKeys;
import dev.evidencevault.crypto.merkle.CompactRange;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.FileMagic;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.LeafHeader;
import dev.evidencevault.format.LogId;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.format.Seal;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/**
 * A segment file, open for reading, without a key.
 *
 * <p>Opening checks that the parts have their places and bounds; it says nothing about digests. Safe for use by several
 * threads.
 */
public final class SegmentFile implements Closeable {
    private static final int SALT_AT = SegmentFormat.HEADER_BYTES - SegmentFormat.FILE_SALT_BYTES - Digest.BYTES;

    private final Path path;
    private final FileChannel channel;
    private final byte[] header;
    private final FileCipher cipher;
    private final LogId logId;
    private final long number;
    private final long firstSeq;
    private final byte[] sealSalt;
    private final LogRecord sealRecord;
    private final Seal seal;
    private final CompactRange tree;
    private final List<Digest> blockDigests;
    private final List<BlockRef> blocks;

    /**
     * A block's place.
     *
     * @param ordinal its index among the blocks
     * @param kind what it holds
     * @param firstSeq the seq of its first record
     * @param count how many records, actors or deposits it holds
     * @param plainBytes its length decompressed
     * @param cipherBytes the length of its ciphertext
     * @param offset where it begins
     */
    public record BlockRef(
            int ordinal, BlockKind kind, long firstSeq, int count, int plainBytes, int cipherBytes, long offset) {
        /** Says whether it holds records. */
        public boolean records() {
            return kind == BlockKind.RECORDS;
        }

        int leafBytes() {
            return kind == BlockKind.ACTORS ? 0 : Digest.BYTES * count;
        }

        long totalBytes() {
            return SegmentFormat.BLOCK_HEADER_BYTES + (long) leafBytes() + cipherBytes;
        }
    }

    /** Opens a segment file. */
    public SegmentFile(Path path) throws IOException {
        this.path = path;
        if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new CorruptFileException(path, 0, "expected a segment, found no regular file");
        }
        this.channel = FileChannel.open(path, StandardOpenOption.READ);
        try {
            long length = channel.size();
            if (length < SegmentFormat.HEADER_BYTES + SegmentFormat.FOOTER_FIXED_BYTES) {
                throw corrupt(length, "the file is too short for a segment");
            }
            this.header = read(0, SegmentFormat.HEADER_BYTES);
            ByteBuffer head = ByteBuffer.wrap(header);
            byte[] magic = new byte[FileMagic.BYTES];
            head.get(magic);
            FileCipher found = SegmentFormat.MAGIC.cipher(magic);
            if (found == null) {
                throw corrupt(0, "expected a segment file of version 1, found other first bytes");
            }
            this.cipher = found;
            this.logId = LogId.read(head);
            this.number = head.getLong();
            this.firstSeq = head.getLong();
            ByteBuffer trailer =
                    ByteBuffer.wrap(read(length - SegmentFormat.TRAILER_BYTES, SegmentFormat.TRAILER_BYTES));
            int footerBytes = trailer.getInt();
            if (trailer.getInt() != SegmentFormat.END_MAGIC) {
                throw corrupt(length - 4, "expected the end mark of a segment");
            }
            if (footerBytes < SegmentFormat.FOOTER_FIXED_BYTES
                    || footerBytes > SegmentFormat.FOOTER_BYTES_MAX
                    || footerBytes > length - SegmentFormat.HEADER_BYTES) {
                throw corrupt(length - 8, "a footer cannot have " + footerBytes + " bytes");
            }
            long footerAt = length - footerBytes;
            ByteBuffer footer = ByteBuffer.wrap(read(footerAt, footerBytes));
            this.sealSalt = new byte[TenantKeys.SALT_BYTES];
            int footerMagic = footer.getInt();
            footer.get(sealSalt);
            int lineBytes = footer.getInt();
            if (footerMagic != SegmentFormat.FOOTER_MAGIC
                    || lineBytes < 0
                    || lineBytes > SegmentFormat.SEAL_LINE_BYTES_MAX
                    || lineBytes > footer.remaining() - SegmentFormat.TRAILER_BYTES) {
                throw corrupt(footerAt, "expected the footer of a segment");
            }
            byte[] line = new byte[lineBytes];
            footer.get(line);
            try {
                this.sealRecord = LogRecord.parse(line);
                this.seal = Seal.of(sealRecord);
            } catch (IllegalArgumentException e) {
                throw corrupt(footerAt, "the seal does not parse: " + Json.firstLine(e));
            }
            try {
                int subtrees = Long.bitCount(sealRecord.seq());
                int digests = footer.remaining() - SegmentFormat.TRAILER_BYTES;
                if (digests % Digest.BYTES != 0 || digests < Digest.BYTES * subtrees) {
                    throw new IllegalArgumentException("the digests after the seal are not whole");
                }
                this.tree = CompactRange.of(0, sealRecord.seq(), digests(footer, subtrees));
                this.blockDigests = digests(footer, digests / Digest.BYTES - subtrees);
                requireSealed();
            } catch (IllegalArgumentException e) {
                throw corrupt(footerAt, Json.firstLine(e));
            }
            this.blocks = readBlocks(footerAt);
            if (blocks.size() != blockDigests.size()) {
                throw corrupt(footerAt, "expected " + blockDigests.size() + " blocks, found " + blocks.size());
            }
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private SegmentFile(SegmentFile parsed, FileChannel channel) {
        this.path = parsed.path;
        this.channel = channel;
        this.header = parsed.header;
        this.cipher = parsed.cipher;
        this.logId = parsed.logId;
        this.number = parsed.number;
        this.firstSeq = parsed.firstSeq;
        this.sealSalt = parsed.sealSalt;
        this.sealRecord = parsed.sealRecord;
        this.seal = parsed.seal;
        this.tree = parsed.tree;
        this.blockDigests = parsed.blockDigests;
        this.blocks = parsed.blocks;
    }

    /**
     * Opens the same file again, by what was read of it before: a segment never changes. Had it been exchanged meanwhile, its
     * blocks would not decrypt.
     */
    public SegmentFile reopened() throws IOException {
        return new SegmentFile(this, FileChannel.open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
    }

    /** The digests beside a seal are those that it was made over. */
    private void requireSealed() {
        if (!tree.root().equals(seal.tree())) {
            throw new IllegalArgumentException("the subtrees beside it are not those of the tree that was sealed");
        }
        if (!Seal.rootOfBlocks(blockDigests).equals(seal.blocks())) {
            throw new IllegalArgumentException("the digests of blocks beside it are not those that were sealed");
        }
    }

    private static List<Digest> digests(ByteBuffer buffer, int count) {
        List<Digest> digests = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            byte[] digest = new byte[Digest.BYTES];
            buffer.get(digest);
            digests.add(Digest.of(digest));
        }
        return List.copyOf(digests);
    }

    private List<BlockRef> readBlocks(long footerAt) throws IOException {
        List<BlockRef> refs = new ArrayList<>();
        long at = SegmentFormat.HEADER_BYTES;
        while (at < footerAt) {
            if (footerAt - at < SegmentFormat.BLOCK_HEADER_BYTES) {
                throw corrupt(at, "expected a block or the footer");
            }
            ByteBuffer block = ByteBuffer.wrap(read(at, SegmentFormat.BLOCK_HEADER_BYTES));
            int magic = block.getInt();
            BlockKind kind = BlockKind.ofCode(block.get()).orElse(null);
            if (magic != SegmentFormat.BLOCK_MAGIC || kind == null) {
                throw corrupt(at, "expected the header of a block");
            }
            BlockRef ref = new BlockRef(
                    refs.size(), kind, block.getLong(), block.getInt(), block.getInt(), block.getInt(), at);
            if (ref.count() < 0
                    || kind == BlockKind.DEPOSITS && (ref.count() < 1 || ref.count() > SegmentFormat.DEPOSITS_MAX)
                    || ref.records() && (ref.count() < 1 || ref.count() > SegmentFormat.BLOCK_RECORDS_MAX)
                    || ref.plainBytes() < 0
                    || ref.plainBytes() > SegmentFormat.BLOCK_PLAIN_BYTES_MAX
                    || ref.cipherBytes() < DataKey.OVERHEAD_BYTES
                    || ref.cipherBytes() > 2 * SegmentFormat.BLOCK_PLAIN_BYTES_MAX
                    || at + ref.totalBytes() > footerAt) {
                throw corrupt(at, "expected the header of a block");
            }
            refs.add(ref);
            at += ref.totalBytes();
        }
        return List.copyOf(refs);
    }

    /** Returns the file's path. */
    public Path path() {
        return path;
    }

    /** Returns what its blocks are encrypted with. */
    public FileCipher cipher() {
        return cipher;
    }

    /** Returns the log that the file says it belongs to. */
    public LogId logId() {
        return logId;
    }

    /** Returns the segment's number. */
    public long number() {
        return number;
    }

    /** Returns the seq of its first record. */
    public long firstSeq() {
        return firstSeq;
    }

    /** Returns how many keys are newer than the one that the file is under; empty if it is under none of these. */
    public OptionalInt keyAge(TenantKeys keys) {
        return keys.segmentKeyAge(number, fileSalt(), commitment());
    }

    byte[] fileSalt() {
        return Arrays.copyOfRange(header, SALT_AT, SALT_AT + SegmentFormat.FILE_SALT_BYTES);
    }

    Digest commitment() {
        return Digest.read(header, SALT_AT + SegmentFormat.FILE_SALT_BYTES);
    }

    /** Returns the digest of the file's header. */
    public Digest headerDigest() {
        return Digest.sha256(header);
    }

    /** Returns the seal. */
    public Seal seal() {
        return seal;
    }

    /** Returns the seal's record. */
    public LogRecord sealRecord() {
        return sealRecord;
    }

    /** Returns the salt of the seal's commitment. */
    public byte[] sealSalt() {
        return sealSalt.clone();
    }

    /** Returns the seal's leaf header, computed from its line. */
    public LeafHeader sealHeader() {
        return Seal.header(logId, sealRecord.seq(), sealRecord.recordedAt(), sealSalt, sealRecord.line());
    }

    /** Returns where the log stands after this segment, if the seal is to be believed. */
    public SegmentEnd end() {
        CompactRange after = tree.copy();
        Digest sealLeaf = sealHeader().leafHash();
        after.append(sealLeaf);
        return new SegmentEnd(number, after, sealLeaf, seal.events(), sealRecord.recordedAt(), seal.keys());
    }

    /** Returns the blocks: records first, then deposits if there are any, the index of actors last. */
    public List<BlockRef> blocks() {
        return blocks;
    }

    /** Returns the digest that a block had when it was sealed. */
    public Digest sealedDigest(BlockRef block) {
        return blockDigests.get(block.ordinal());
    }

    /** Returns the digest over all of a block, as it is now. */
    public Digest digest(BlockRef block) throws IOException {
        return Digest.sha256(read(block.offset(), Math.toIntExact(block.totalBytes())));
    }

    /** Returns the leaf hashes of a block of records, or the digests of a block of deposits. */
    public List<Digest> leafHashes(BlockRef block) throws IOException {
        byte[] bytes = read(block.offset() + SegmentFormat.BLOCK_HEADER_BYTES, block.leafBytes());
        List<Digest> hashes = new ArrayList<>(block.count());
        for (int at = 0; at < bytes.length; at += Digest.BYTES) {
            hashes.add(Digest.read(bytes, at));
        }
        return hashes;
    }

    byte[] ciphertext(BlockRef block) throws IOException {
        return read(block.offset() + SegmentFormat.BLOCK_HEADER_BYTES + block.leafBytes(), block.cipherBytes());
    }

    byte[] header() {
        return header.clone();
    }

    private byte[] read(long offset, int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, offset + buffer.position()) < 0) {
                throw new EOFException(path + " ends at byte " + (offset + buffer.position()));
            }
        }
        return buffer.array();
    }

    private CorruptFileException corrupt(long offset, String problem) {
        return new CorruptFileException(path, offset, problem);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
