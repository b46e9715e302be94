package dev.evidencevault.crypto.merkle;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;

/**
 * The leaves [from, to) of a tree, held as the roots of the maximal perfect subtrees that cover them, left to right.
 *
 * <p>A range of n leaves is covered by at most 2·log2(n) subtrees, and exactly one cover is maximal, so that a range has
 * one spelling. Ranges that touch can be joined; a range that begins at 0 has a root, which is the RFC 6962 root of its
 * leaves. Not safe for use by several threads at once.
 */
public final class CompactRange {
    /** A perfect subtree: {@code 2^level} leaves, the first of which is {@code index * 2^level}. */
    public record Subtree(int level, long index) {}

    private final long from;
    private long to;
    private final List<Digest> hashes = new ArrayList<>();

    /** Creates the range without leaves at the start of the tree. */
    public CompactRange() {
        this(0);
    }

    /** Creates the range without leaves before the leaf with this index. */
    public CompactRange(long from) {
        if (from < 0) {
            throw new IllegalArgumentException("a leaf index is not negative, found " + from);
        }
        this.from = from;
        this.to = from;
    }

    /**
     * Returns the range [from, to) with these subtree roots.
     *
     * @throws IllegalArgumentException if the bounds are not 0 ≤ from ≤ to or the number of hashes is not the one that
     *     the bounds ask for
     */
    public static CompactRange of(long from, long to, List<Digest> hashes) {
        List<Subtree> cover = cover(from, to);
        if (cover.size() != hashes.size()) {
            throw new IllegalArgumentException("leaves [" + from + ", " + to + ") are covered by " + cover.size()
                    + " subtrees, found " + hashes.size());
        }
        CompactRange range = new CompactRange(from);
        range.to = to;
        range.hashes.addAll(hashes);
        return range;
    }

    /** Returns the maximal perfect subtrees that cover the leaves [from, to), left to right. */
    public static List<Subtree> cover(long from, long to) {
        if (from < 0 || to < from) {
            throw new IllegalArgumentException("a range has 0 <= from <= to, found [" + from + ", " + to + ")");
        }
        List<Subtree> cover = new ArrayList<>();
        long at = from;
        while (at < to) {
            int aligned = at == 0 ? 62 : Long.numberOfTrailingZeros(at);
            int fitting = 63 - Long.numberOfLeadingZeros(to - at);
            int level = Math.min(aligned, fitting);
            cover.add(new Subtree(level, at >>> level));
            at += 1L << level;
        }
        return cover;
    }

    /** Returns the index of the first leaf. */
    public long from() {
        return from;
    }

    /** Returns the index after the last leaf. */
    public long to() {
        return to;
    }

    /** Returns the subtree roots, left to right. */
    public List<Digest> hashes() {
        return List.copyOf(hashes);
    }

    /** Returns a range with the same leaves that changes independently of this one. */
    public CompactRange copy() {
        return of(from, to, hashes);
    }

    /**
     * Adds leaves that stand one after the other in an array, 32 bytes each. Hashes the same nodes as adding them one by
     * one, without an object for each.
     *
     * @param leafHashes the leaf hashes; not changed
     * @param count how many of them
     */
    public void appendAll(byte[] leafHashes, int count) {
        byte[] level = new byte[Digest.BYTES * Integer.highestOneBit(Math.max(1, count))];
        MessageDigest digest = Digest.computation();
        int done = 0;
        while (done < count) {
            int aligned = to == 0 ? 30 : Math.min(30, Long.numberOfTrailingZeros(to));
            int height = Math.min(aligned, 31 - Integer.numberOfLeadingZeros(count - done));
            int width = 1 << height;
            System.arraycopy(leafHashes, Digest.BYTES * done, level, 0, Digest.BYTES * width);
            for (int nodes = width >>> 1; nodes > 0; nodes >>>= 1) {
                for (int i = 0; i < nodes; i++) {
                    Rfc6962.node(digest, level, 2 * Digest.BYTES * i, level, Digest.BYTES * i);
                }
            }
            appendSubtree(new Subtree(height, to >>> height), Digest.read(level, 0));
            done += width;
        }
    }

    /** Adds the leaf with index {@link #to()}. */
    public void append(Digest leafHash) {
        appendSubtree(new Subtree(0, to), leafHash);
    }

    /**
     * Adds the leaves of a range that begins where this one ends.
     *
     * @throws IllegalArgumentException if it begins elsewhere
     */
    public void append(CompactRange next) {
        if (next.from != to) {
            throw new IllegalArgumentException("expected a range from " + to + ", found one from " + next.from);
        }
        List<Subtree> cover = cover(next.from, next.to);
        for (int i = 0; i < cover.size(); i++) {
            appendSubtree(cover.get(i), next.hashes.get(i));
        }
    }

    private void appendSubtree(Subtree subtree, Digest hash) {
        int level = subtree.level();
        long index = subtree.index();
        Digest merged = hash;
        // A left sibling is held iff it lies inside this range; it is then the last subtree of the cover.
        while ((index & 1) == 1 && ((index - 1) << level) >= from) {
            merged = Rfc6962.node(hashes.remove(hashes.size() - 1), merged);
            index >>>= 1;
            level++;
        }
        hashes.add(merged);
        to += 1L << subtree.level();
    }

    /**
     * Returns the RFC 6962 root over the leaves.
     *
     * @throws IllegalStateException if the range does not begin at leaf 0
     */
    public Digest root() {
        if (from != 0) {
            throw new IllegalStateException("only a range from leaf 0 has a root, this one is from " + from);
        }
        if (hashes.isEmpty()) {
            return Rfc6962.emptyRoot();
        }
        Digest root = hashes.get(hashes.size() - 1);
        for (int i = hashes.size() - 2; i >= 0; i--) {
            root = Rfc6962.node(hashes.get(i), root);
        }
        return root;
    }
}
