package dev.evidencevault.crypto.merkle;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An RFC 6962 tree with all its nodes, from which proofs are cut.
 *
 * <p>Holds 64 bytes a leaf. Appending and proving cost at most log2(size) hashes. Not safe for use by several threads at
 * once while it grows.
 */
public final class HashTree {
    /** One growing array of hashes for each level; level l, index i is the perfect subtree (l, i). */
    private final List<Level> levels = new ArrayList<>();

    /** Creates the tree without leaves. */
    public HashTree() {}

    private static final class Level {
        byte[] hashes = new byte[16 * Digest.BYTES];
        int count;

        void add(Digest hash) {
            if ((count + 1) * Digest.BYTES > hashes.length) {
                hashes = Arrays.copyOf(hashes, Math.multiplyExact(hashes.length, 2));
            }
            hash.copyTo(hashes, count * Digest.BYTES);
            count++;
        }

        Digest get(long index) {
            return Digest.read(hashes, Math.toIntExact(index) * Digest.BYTES);
        }
    }

    /** Returns the number of leaves. */
    public long size() {
        return levels.isEmpty() ? 0 : levels.get(0).count;
    }

    /** Adds a leaf. */
    public void append(Digest leafHash) {
        Digest hash = leafHash;
        for (int l = 0; ; l++) {
            if (l == levels.size()) {
                levels.add(new Level());
            }
            Level level = levels.get(l);
            level.add(hash);
            if ((level.count & 1) == 1) {
                return;
            }
            hash = Rfc6962.node(level.get(level.count - 2), level.get(level.count - 1));
        }
    }

    /** Returns the hash of a leaf. Requires {@code 0 <= index < size()}. */
    public Digest leaf(long index) {
        return subtree(index, index + 1);
    }

    /** Returns the root over the first {@code size} leaves. Requires {@code 0 <= size <= size()}. */
    public Digest root(long size) {
        return range(0, size).root();
    }

    /** Returns the leaves [from, to) as a compact range. Requires {@code 0 <= from <= to <= size()}. */
    public CompactRange range(long from, long to) {
        requireWithin(from, to);
        List<Digest> hashes = new ArrayList<>();
        for (CompactRange.Subtree subtree : CompactRange.cover(from, to)) {
            hashes.add(levels.get(subtree.level()).get(subtree.index()));
        }
        return CompactRange.of(from, to, hashes);
    }

    /**
     * Returns the path from a leaf to the root of the first {@code size} leaves, bottom up (RFC 6962 section 2.1.1).
     * Requires {@code 0 <= index < size <= size()}.
     */
    public List<Digest> inclusionProof(long index, long size) {
        requireWithin(index, size);
        if (index >= size) {
            throw new IllegalArgumentException("expected a leaf index below " + size + ", found " + index);
        }
        List<Digest> path = new ArrayList<>();
        path(index, 0, size, path);
        return path;
    }

    private void path(long index, long from, long to, List<Digest> path) {
        if (to - from == 1) {
            return;
        }
        long split = from + largestPowerBelow(to - from);
        if (index < split) {
            path(index, from, split, path);
            path.add(subtree(split, to));
        } else {
            path(index, split, to, path);
            path.add(subtree(from, split));
        }
    }

    /**
     * Returns the proof that the tree of {@code oldSize} leaves is the beginning of the tree of {@code newSize} leaves
     * (RFC 6962 section 2.1.2). Requires {@code 0 <= oldSize <= newSize <= size()}; empty if either tree is empty or
     * both are the same.
     */
    public List<Digest> consistencyProof(long oldSize, long newSize) {
        requireWithin(oldSize, newSize);
        List<Digest> proof = new ArrayList<>();
        if (oldSize > 0 && oldSize < newSize) {
            consistency(oldSize, 0, newSize, true, proof);
        }
        return proof;
    }

    private void consistency(long oldSize, long from, long to, boolean known, List<Digest> proof) {
        if (oldSize == to) {
            if (!known) {
                proof.add(subtree(from, to));
            }
            return;
        }
        long split = from + largestPowerBelow(to - from);
        if (oldSize <= split) {
            consistency(oldSize, from, split, known, proof);
            proof.add(subtree(split, to));
        } else {
            consistency(oldSize, split, to, false, proof);
            proof.add(subtree(from, split));
        }
    }

    /** The root over the leaves [from, to), where from is a multiple of the next power of two of the length. */
    private Digest subtree(long from, long to) {
        List<CompactRange.Subtree> cover = CompactRange.cover(from, to);
        Digest root = null;
        for (int i = cover.size() - 1; i >= 0; i--) {
            Digest hash = levels.get(cover.get(i).level()).get(cover.get(i).index());
            root = root == null ? hash : Rfc6962.node(hash, root);
        }
        if (root == null) {
            throw new IllegalArgumentException("no leaves in [" + from + ", " + to + ")");
        }
        return root;
    }

    private void requireWithin(long from, long to) {
        if (from < 0 || from > to || to > size()) {
            throw new IllegalArgumentException(
                    "expected 0 <= " + from + " <= " + to + " <= " + size() + ", the number of leaves");
        }
    }

    private static long largestPowerBelow(long n) {
        return Long.highestOneBit(n - 1);
    }
}
