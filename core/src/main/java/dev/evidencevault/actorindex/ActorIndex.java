package dev.evidencevault.actorindex;

import dev.evidencevault.crypto.merkle.CompactRange;
import dev.evidencevault.crypto.merkle.TreeHead;
import dev.evidencevault.format.LeafHeader.Tag;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/**
 * The actors of a segment. Immutable.
 *
 * @param entries one for each actor, ascending by tag
 */
public record ActorIndex(List<ActorEntry> entries) {
    /** Checks that the entries ascend. */
    public ActorIndex {
        entries = List.copyOf(entries);
        for (int i = 1; i < entries.size(); i++) {
            if (entries.get(i - 1).tag().compareTo(entries.get(i).tag()) >= 0) {
                throw new IllegalArgumentException("the entries of an actor index do not ascend");
            }
        }
    }

    /** Returns size and root of the tree whose leaves the entries are. */
    public TreeHead head() {
        CompactRange tree = new CompactRange();
        entries.forEach(entry -> tree.append(entry.leafHash()));
        return new TreeHead(entries.size(), tree.root());
    }

    /** Returns the entries one after the other, as bytes. */
    public byte[] encode() {
        ByteBuffer buffer = ByteBuffer.allocate(Math.multiplyExact(ActorEntry.BYTES, entries.size()));
        entries.forEach(entry -> entry.write(buffer));
        return buffer.array();
    }

    /**
     * Decodes the bytes.
     *
     * @throws IllegalArgumentException if they are not whole entries that ascend
     */
    public static ActorIndex decode(byte[] bytes) {
        if (bytes.length % ActorEntry.BYTES != 0) {
            throw new IllegalArgumentException("an actor index has entries of 64 bytes, found " + bytes.length);
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        List<ActorEntry> entries = new ArrayList<>(bytes.length / ActorEntry.BYTES);
        while (buffer.hasRemaining()) {
            entries.add(ActorEntry.read(buffer));
        }
        return new ActorIndex(entries);
    }

    /** Proves of each of these tags which entry it has, or that it has none: of what stands beside it, nothing is shown
     * but where that is needed. */
    public ActorIndexProof prove(Collection<Tag> tags) {
        TreeSet<Integer> shown = new TreeSet<>();
        for (Tag tag : tags) {
            int at = position(tag);
            if (at < entries.size()) {
                shown.add(at);
            }
            if (at > 0 && (at == entries.size() || !entries.get(at).tag().equals(tag))) {
                shown.add(at - 1);
            }
        }
        List<ActorIndexProof.Item> items = new ArrayList<>();
        int from = 0;
        for (int at : shown) {
            hide(from, at, items);
            items.add(new ActorIndexProof.Shown(entries.get(at)));
            from = at + 1;
        }
        hide(from, entries.size(), items);
        return new ActorIndexProof(items);
    }

    private void hide(int from, int to, List<ActorIndexProof.Item> items) {
        if (from < to) {
            CompactRange run = new CompactRange(from);
            entries.subList(from, to).forEach(entry -> run.append(entry.leafHash()));
            items.add(new ActorIndexProof.Hidden(to, run.hashes()));
        }
    }

    /** The place of the first entry whose tag is this one or a later one. */
    private int position(Tag tag) {
        int low = 0;
        int high = entries.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (entries.get(middle).tag().compareTo(tag) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
