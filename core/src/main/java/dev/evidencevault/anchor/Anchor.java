package dev.evidencevault.anchor;

import dev.evidencevault.crypto.keys.NodeKeys;
import dev.evidencevault.crypto.merkle.CompactRange;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.merkle.Rfc6962;
import dev.evidencevault.crypto.note.Checkpoint;
import dev.evidencevault.crypto.note.CheckpointKeys;
import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.KeyHistory;
import dev.evidencevault.format.LogId;
import dev.evidencevault.storage.Layout;
import java.io.IOException;
import java.io.InputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * An anchor as it lies in its file: the heads of all logs at one time, and the node's checkpoint that covers them.
 *
 * <pre>
 * head      magic 8 | index 8 | time 8 | root of the super-tree 32 | SHA-256 of the entries 32
 * range     count 4 | hash 32 *        the node's log before this anchor
 * entries   count 4 | (log id 16 | slot 4 | size 8 | root 32) *
 * note      bytes 4 | the node's signed checkpoint, this anchor included
 * </pre>
 *
 * @param head what becomes the leaf of the node's log
 * @param before the node's log before this anchor
 * @param entries the heads of all logs, in the order of their ids
 * @param note the node's signed checkpoint after this anchor
 */
public record Anchor(Head head, CompactRange before, SortedMap<LogId, Entry> entries, SignedNote note) {
    private static final byte[] MAGIC = "EVANC\0\0\1".getBytes(StandardCharsets.ISO_8859_1);
    private static final int ENTRY_BYTES = LogId.BYTES + 4 + 8 + Digest.BYTES;
    private static final int FILE_BYTES_MAX = 128 << 20;

    /**
     * The part of an anchor that the node's log covers and that a proof shows.
     *
     * @param index which anchor it is, from 0
     * @param time when it was made, in nanoseconds since 1970
     * @param superRoot the root over the heads of all logs
     * @param entries SHA-256 of the entries as they stand in the file
     */
    public record Head(long index, long time, Digest superRoot, Digest entries) {
        /** Length in bytes. */
        public static final int BYTES = 8 + 8 + 8 + 2 * Digest.BYTES;

        /** Returns the bytes. */
        public byte[] encode() {
            return ByteBuffer.allocate(BYTES)
                    .put(MAGIC)
                    .putLong(index)
                    .putLong(time)
                    .put(superRoot.bytes())
                    .put(entries.bytes())
                    .array();
        }

        /**
         * Decodes the bytes.
         *
         * @throws IllegalArgumentException if they are no head
         */
        public static Head decode(byte[] bytes) {
            if (bytes.length != BYTES || !Arrays.equals(Arrays.copyOf(bytes, MAGIC.length), MAGIC)) {
                throw new IllegalArgumentException("expected the head of an anchor of version 1");
            }
            ByteBuffer buffer = ByteBuffer.wrap(bytes, MAGIC.length, BYTES - MAGIC.length);
            return new Head(
                    buffer.getLong(),
                    buffer.getLong(),
                    Digest.read(bytes, buffer.position()),
                    Digest.read(bytes, buffer.position() + Digest.BYTES));
        }

        /** Returns the leaf hash in the node's log. */
        public Digest leafHash() {
            return Rfc6962.leaf(encode());
        }
    }

    /**
     * The head of one log.
     *
     * @param slot the log's place in the super-tree, for good
     * @param size its leaves
     * @param root the root over them
     */
    public record Entry(int slot, long size, Digest root) {
        /** Returns the head as a checkpoint. */
        public Checkpoint checkpoint(LogId logId) {
            return new Checkpoint(logId.origin(), size, root);
        }
    }

    /** Returns the node's tree after this anchor. */
    public CompactRange after() {
        CompactRange after = before.copy();
        after.append(head.leafHash());
        return after;
    }

    /** Says whether the root over all logs is that of the entries, blinded with a vault's own keys. */
    public boolean hasSuperRootOf(NodeKeys nodeKeys) {
        SuperTree tree = new SuperTree(nodeKeys.blinding(head.index()));
        entries.forEach((logId, entry) -> tree.put(entry.slot(), entry.checkpoint(logId)));
        return tree.root().equals(head.superRoot());
    }

    static byte[] encodeEntries(SortedMap<LogId, Entry> entries) {
        ByteBuffer buffer = ByteBuffer.allocate(4 + ENTRY_BYTES * entries.size());
        buffer.putInt(entries.size());
        entries.forEach((logId, entry) -> buffer.put(logId.bytes())
                .putInt(entry.slot())
                .putLong(entry.size())
                .put(entry.root().bytes()));
        return buffer.array();
    }

    /** Returns a map in the order that entries have in the file. */
    static SortedMap<LogId, Entry> newEntries() {
        return new TreeMap<>((a, b) -> Arrays.compareUnsigned(a.bytes(), b.bytes()));
    }

    byte[] encode() {
        byte[] entryBytes = encodeEntries(entries);
        byte[] noteBytes = note.format();
        List<Digest> range = before.hashes();
        ByteBuffer buffer = ByteBuffer.allocate(
                Head.BYTES + 4 + Digest.BYTES * range.size() + entryBytes.length + 4 + noteBytes.length);
        buffer.put(head.encode()).putInt(range.size());
        range.forEach(hash -> buffer.put(hash.bytes()));
        return buffer.put(entryBytes).putInt(noteBytes.length).put(noteBytes).array();
    }

    /**
     * Reads an anchor and checks that its parts agree: the entries with their digest, the checkpoint with the tree and
     * with the keys that signed then.
     *
     * @throws CorruptFileException if they do not
     */
    public static Anchor read(Layout layout, long number, KeyHistory history) throws IOException {
        Path file = layout.anchor(number);
        if (!Files.isRegularFile(file)) {
            throw new CorruptFileException(file, 0, "the anchor is missing");
        }
        if (Files.size(file) > FILE_BYTES_MAX) {
            throw new CorruptFileException(file, FILE_BYTES_MAX, "an anchor has at most 128 MiB");
        }
        byte[] bytes = Files.readAllBytes(file);
        try {
            Anchor anchor = decode(bytes);
            anchor.check(number, history.at(number));
            if (!Arrays.equals(anchor.encode(), bytes)) {
                throw new IllegalArgumentException("the file is not spelled as it was written");
            }
            return anchor;
        } catch (BufferUnderflowException e) {
            throw new CorruptFileException(file, bytes.length, "the file ends too early");
        } catch (IllegalArgumentException e) {
            throw new CorruptFileException(file, 0, Json.firstLine(e));
        }
    }

    /**
     * Reads the head of an anchor and nothing else of it. Nothing of it has been verified.
     *
     * @throws CorruptFileException if there is none
     */
    public static Head readHead(Layout layout, long number) throws IOException {
        Path file = layout.anchor(number);
        try (InputStream in = Files.newInputStream(file)) {
            return Head.decode(in.readNBytes(Head.BYTES));
        } catch (NoSuchFileException e) {
            throw new CorruptFileException(file, 0, "the anchor is missing");
        } catch (IllegalArgumentException e) {
            throw new CorruptFileException(file, 0, Json.firstLine(e));
        }
    }

    /**
     * Says whether the node's log of this anchor begins with that of an earlier one: signatures on both do not, since who
     * holds the key can put anchors of two histories side by side.
     *
     * @throws CorruptFileException if an anchor between them is missing
     */
    public boolean continues(Anchor earlier, Layout layout) throws IOException {
        CompactRange tree = earlier.after();
        while (tree.to() <= head.index()) {
            tree.append(readHead(layout, tree.to() + 1).leafHash());
        }
        return tree.root().equals(after().root());
    }

    private static Anchor decode(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        byte[] head = new byte[Head.BYTES];
        buffer.get(head);
        Head parsed = Head.decode(head);
        List<Digest> range = new ArrayList<>();
        for (int count = buffer.getInt(); count > 0; count--) {
            range.add(digest(buffer));
        }
        SortedMap<LogId, Entry> entries = newEntries();
        for (int count = buffer.getInt(); count > 0; count--) {
            LogId logId = LogId.read(buffer);
            entries.put(logId, new Entry(buffer.getInt(), buffer.getLong(), digest(buffer)));
        }
        int noteBytes = buffer.getInt();
        if (noteBytes != buffer.remaining()) {
            throw new IllegalArgumentException("expected a note of " + noteBytes + " bytes to the end of the file");
        }
        byte[] note = new byte[noteBytes];
        buffer.get(note);
        return new Anchor(parsed, CompactRange.of(0, parsed.index(), range), entries, SignedNote.parse(note));
    }

    private static Digest digest(ByteBuffer buffer) {
        byte[] bytes = new byte[Digest.BYTES];
        buffer.get(bytes);
        return Digest.of(bytes);
    }

    private void check(long number, CheckpointKeys keys) {
        if (head.index() != number - 1) {
            throw new IllegalArgumentException("expected anchor " + (number - 1) + ", found " + head.index());
        }
        Set<Integer> slots = new HashSet<>();
        for (Entry entry : entries.values()) {
            if (entry.slot() < 0 || entry.slot() >= SuperTree.SLOTS || !slots.add(entry.slot())) {
                throw new IllegalArgumentException(
                        "a slot is from 0 to " + (SuperTree.SLOTS - 1) + " and one log's, found " + entry.slot());
            }
        }
        if (!head.entries().equals(Digest.sha256(encodeEntries(entries)))) {
            throw new IllegalArgumentException("the entries are not those of the anchor's head");
        }
        if (!keys.verifies(note)) {
            throw new IllegalArgumentException(
                    "the checkpoint is not signed with " + keys.verifier().format()
                            + (keys.postQuantum() == null ? " alone" : " and the vault's ML-DSA-44 key"));
        }
        Checkpoint expected = new Checkpoint(keys.verifier().name(), number, after().root());
        if (!Checkpoint.parse(note.text()).equals(expected)) {
            throw new IllegalArgumentException("the checkpoint is not that of the node's log with this anchor");
        }
    }
}
