package dev.evidencevault.actorindex;

import dev.evidencevault.crypto.merkle.CompactRange;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.merkle.TreeHead;
import dev.evidencevault.format.LeafHeader.Tag;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * An actor index of which some entries are shown and the runs between them stand as subtrees. Immutable.
 *
 * @param items the whole index, from its first entry to its last
 */
public record ActorIndexProof(List<Item> items) {
    /** A part of the index. */
    public sealed interface Item {}

    /** An entry that is shown. */
    public record Shown(ActorEntry entry) implements Item {}

    /**
     * A run of entries that is not shown.
     *
     * @param to the place after its last entry
     * @param subtrees the compact range of its leaves
     */
    public record Hidden(long to, List<Digest> subtrees) implements Item {
        /** Copies the list. */
        public Hidden {
            subtrees = List.copyOf(subtrees);
        }
    }

    /** Copies the list. */
    public ActorIndexProof {
        items = List.copyOf(items);
    }

    /** An entry and its place. */
    private record Place(long at, ActorEntry entry) {}

    /**
     * Opens the proof: which of the tags have an entry, and which.
     *
     * @param head what the seal says of the index
     * @param asked the tags that the proof is about
     * @return the entries of those that have one; it is proven that the others have none
     * @throws IllegalArgumentException if the proof does not lead to the head, leaves open whether a tag has an entry, or
     *     shows an entry that is not needed for that
     */
    public SortedMap<Tag, ActorEntry> open(TreeHead head, Collection<Tag> asked) {
        NavigableMap<Tag, Place> shown = places(head);
        SortedMap<Tag, ActorEntry> found = new TreeMap<>();
        Set<Tag> used = new HashSet<>();
        for (Tag tag : asked) {
            Place place = shown.get(tag);
            if (place != null) {
                found.put(tag, place.entry());
                used.add(tag);
                continue;
            }
            var before = shown.lowerEntry(tag);
            var after = shown.higherEntry(tag);
            long end = before == null ? 0 : before.getValue().at() + 1;
            long begin = after == null ? head.size() : after.getValue().at();
            if (begin != end) {
                throw new IllegalArgumentException(
                        "the index of actors is shown in a way that leaves open whether it has " + tag);
            }
            if (before != null) {
                used.add(before.getKey());
            }
            if (after != null) {
                used.add(after.getKey());
            }
        }
        if (used.size() != shown.size()) {
            throw new IllegalArgumentException("the index of actors shows entries that nobody asked for");
        }
        return found;
    }

    /** Returns the entry that is shown under a tag, for whatever reason, in a proof that was opened. */
    public Optional<ActorEntry> shown(Tag tag) {
        return items.stream()
                .filter(Shown.class::isInstance)
                .map(item -> ((Shown) item).entry())
                .filter(entry -> entry.tag().equals(tag))
                .findFirst();
    }

    private NavigableMap<Tag, Place> places(TreeHead head) {
        NavigableMap<Tag, Place> shown = new TreeMap<>();
        CompactRange tree = new CompactRange();
        boolean hidden = false;
        for (Item item : items) {
            if (item instanceof Shown part) {
                if (!shown.isEmpty() && shown.lastKey().compareTo(part.entry().tag()) >= 0) {
                    throw new IllegalArgumentException("the entries of an actor index do not ascend");
                }
                shown.put(part.entry().tag(), new Place(tree.to(), part.entry()));
                tree.append(part.entry().leafHash());
                hidden = false;
            } else if (item instanceof Hidden part) {
                if (hidden || part.to() <= tree.to()) {
                    throw new IllegalArgumentException("a hidden run of an actor index is not whole");
                }
                tree.append(CompactRange.of(tree.to(), part.to(), part.subtrees()));
                hidden = true;
            }
        }
        if (tree.to() != head.size() || !tree.root().equals(head.root())) {
            throw new IllegalArgumentException("the index of actors is not the one of the seal: expected "
                    + head.size() + " entries with root " + head.root() + ", found " + tree.to() + " with root "
                    + tree.root());
        }
        return shown;
    }
}
