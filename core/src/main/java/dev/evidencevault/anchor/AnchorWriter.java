package dev.evidencevault.anchor;

import dev.evidencevault.crypto.keys.NodeKeys;
import dev.evidencevault.crypto.merkle.CompactRange;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.note.Checkpoint;
import dev.evidencevault.crypto.note.CheckpointSigner;
import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.KeyHistory;
import dev.evidencevault.format.LogId;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes anchors, one after the other. Not safe for use by several threads at once.
 *
 * <p>Fsync order: the anchor is put in place, then the file {@code checkpoint} that repeats its note. A crash between
 * the two leaves a checkpoint that is one behind, which opening mends.
 */
public final class AnchorWriter {
    private final Layout layout;
    private final NodeKeys nodeKeys;
    private final CheckpointSigner signer;
    private final KeyHistory history;
    private final Storage storage;
    private final SecureRandom random;
    private final SortedMap<LogId, Anchor.Entry> entries = Anchor.newEntries();
    private final Set<Integer> takenSlots = new HashSet<>();
    private CompactRange node = new CompactRange();
    private long lastTime = Long.MIN_VALUE;
    private @Nullable SignedNote opened;

    /** Opens the anchors of a vault at its latest. */
    public AnchorWriter(
            Layout layout,
            NodeKeys nodeKeys,
            CheckpointSigner signer,
            KeyHistory history,
            Storage storage,
            SecureRandom random)
            throws IOException {
        this.history = history;
        this.layout = layout;
        this.nodeKeys = nodeKeys;
        this.signer = signer;
        this.storage = storage;
        this.random = random;
        List<Long> numbers = Layout.numbers(layout.anchors(), Layout.ANCHOR_SUFFIX);
        if (!numbers.isEmpty()) {
            Anchor last = last(numbers);
            entries.putAll(last.entries());
            node = last.after();
            opened = last.note();
            lastTime = last.head().time();
            entries.values().forEach(entry -> takenSlots.add(entry.slot()));
        }
        checkCheckpoint(numbers.isEmpty() ? null : last(numbers));
    }

    private Anchor last(List<Long> numbers) throws IOException {
        return Anchor.read(layout, numbers.get(numbers.size() - 1), history);
    }

    /** Brings the file {@code checkpoint} up to the latest anchor, if it is one behind; it is never ahead. */
    private void checkCheckpoint(@Nullable Anchor last) throws IOException {
        Path file = layout.checkpoint();
        byte[] note = last == null ? new byte[0] : last.note().format();
        if (Files.exists(file)) {
            byte[] found = Files.readAllBytes(file);
            if (Arrays.equals(found, note)) {
                return;
            }
            try {
                SignedNote signed = SignedNote.parse(found);
                long size = Checkpoint.parse(signed.text()).size();
                if (!history.at(size).verifies(signed) || size >= node.to()) {
                    throw new IllegalArgumentException("expected the checkpoint of anchor " + node.to()
                            + " or the one before, found that of anchor " + size
                            + ": anchors were removed or replaced");
                }
            } catch (IllegalArgumentException e) {
                throw new CorruptFileException(file, 0, e.getMessage() + "; nothing was changed, run evault verify");
            }
        }
        if (last != null) {
            storage.replace(file, note);
        }
    }

    /** Returns the heads of all logs in the latest anchor; to be read only. */
    public Map<LogId, Anchor.Entry> latest() {
        return Collections.unmodifiableMap(entries);
    }

    /** Returns the latest checkpoint as it was when this was opened. */
    public Optional<SignedNote> latestCheckpoint() {
        return Optional.ofNullable(opened);
    }

    /** Returns the time of the latest anchor, in nanoseconds since 1970. */
    public OptionalLong latestTime() {
        return lastTime == Long.MIN_VALUE ? OptionalLong.empty() : OptionalLong.of(lastTime);
    }

    /**
     * Writes an anchor in which these logs have new heads and all others keep theirs. If the clock went back, the anchor
     * gets the time of the one before it.
     *
     * @return the checkpoint that covers it
     */
    public SignedNote write(Map<LogId, CompactRange> heads, long time) throws IOException {
        heads.forEach((logId, tree) -> {
            Anchor.Entry known = entries.get(logId);
            int slot = known == null ? freeSlot() : known.slot();
            entries.put(logId, new Anchor.Entry(slot, tree.to(), tree.root()));
        });
        long index = node.to();
        SuperTree tree = new SuperTree(nodeKeys.blinding(index));
        entries.forEach((logId, entry) -> tree.put(entry.slot(), entry.checkpoint(logId)));
        lastTime = Math.max(lastTime, time);
        Anchor.Head head = new Anchor.Head(index, lastTime, tree.root(), Digest.sha256(Anchor.encodeEntries(entries)));
        CompactRange before = node.copy();
        node.append(head.leafHash());
        Checkpoint checkpoint = new Checkpoint(signer.keys().verifier().name(), node.to(), node.root());
        Anchor anchor = new Anchor(head, before, entries, signer.sign(checkpoint));
        storage.replace(layout.anchor(index + 1), anchor.encode());
        storage.replace(layout.checkpoint(), anchor.note().format());
        return anchor.note();
    }

    private int freeSlot() {
        if (takenSlots.size() > SuperTree.SLOTS / 2) {
            throw new IllegalStateException("a vault holds at most " + SuperTree.SLOTS / 2 + " logs");
        }
        int slot;
        do {
            slot = random.nextInt(SuperTree.SLOTS);
        } while (!takenSlots.add(slot));
        return slot;
    }
}
