package dev.evidencevault.crypto.merkle;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Gathers the path from one leaf to the root of a tree while all leaves of the tree pass by once, in their order
 * (RFC 6962 section 2.1.1). Holds a few kilobytes, however many leaves there are. For one thread.
 */
public final class InclusionPath {
    private final long size;

    /** The subtrees beside the way from the leaf to the root, bottom up, none of which overlap. */
    private final List<Sibling> siblings = new ArrayList<>();

    /** The same, from left to right. */
    private final List<Sibling> inOrder;

    private int current;
    private long seen;

    private static final class Sibling {
        private final long from;
        private final long to;
        private final CompactRange range;

        private Sibling(long from, long to) {
            this.from = from;
            this.to = to;
            this.range = new CompactRange(from);
        }

        /** The root over the range, which is a tree of its own: it begins at a multiple of its largest perfect subtree. */
        private Digest root() {
            List<Digest> hashes = range.hashes();
            Digest root = hashes.get(hashes.size() - 1);
            for (int i = hashes.size() - 2; i >= 0; i--) {
                root = Rfc6962.node(hashes.get(i), root);
            }
            return root;
        }
    }

    /**
     * Begins.
     *
     * @param index the leaf
     * @param size the number of leaves of the tree, more than {@code index}
     */
    public InclusionPath(long index, long size) {
        if (index < 0 || index >= size) {
            throw new IllegalArgumentException("expected a leaf from 0 to " + (size - 1) + ", found " + index);
        }
        this.size = size;
        long from = 0;
        long to = size;
        while (to - from > 1) {
            long middle = from + Long.highestOneBit(to - from - 1);
            if (index < middle) {
                siblings.add(new Sibling(middle, to));
                to = middle;
            } else {
                siblings.add(new Sibling(from, middle));
                from = middle;
            }
        }
        Collections.reverse(siblings);
        inOrder =
                siblings.stream().sorted((a, b) -> Long.compare(a.from, b.from)).toList();
    }

    /** Takes the next leaf; those beyond the tree's size do not matter. */
    public void append(Digest leafHash) {
        while (current < inOrder.size() && seen >= inOrder.get(current).to) {
            current++;
        }
        if (current < inOrder.size() && seen >= inOrder.get(current).from) {
            inOrder.get(current).range.append(leafHash);
        }
        seen++;
    }

    /**
     * Returns the path, bottom up.
     *
     * @throws IllegalStateException if not all leaves have passed
     */
    public List<Digest> path() {
        if (seen < size) {
            throw new IllegalStateException("expected " + size + " leaves, found " + seen);
        }
        return siblings.stream().map(Sibling::root).toList();
    }
}
