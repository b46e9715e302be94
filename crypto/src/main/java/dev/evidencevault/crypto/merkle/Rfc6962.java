package dev.evidencevault.crypto.merkle;

import java.security.DigestException;
import java.security.MessageDigest;

/** The three hashes of RFC 6962 section 2.1: of nothing, of a leaf, of two subtrees. */
public final class Rfc6962 {
    private static final ThreadLocal<MessageDigest> SHA_256 = ThreadLocal.withInitial(Digest::computation);

    private Rfc6962() {}

    /** Returns the root of the tree without leaves: the hash of the empty string. */
    public static Digest emptyRoot() {
        return Digest.sha256();
    }

    /** Returns the hash of a leaf with this content: SHA-256(0x00 ‖ data). */
    public static Digest leaf(byte[] data) {
        MessageDigest digest = SHA_256.get();
        digest.update((byte) 0);
        return Digest.adopt(digest.digest(data));
    }

    /** Returns the hash of the tree that has these two subtrees: SHA-256(0x01 ‖ left ‖ right). */
    public static Digest node(Digest left, Digest right) {
        MessageDigest digest = SHA_256.get();
        digest.update((byte) 1);
        left.updateInto(digest);
        right.updateInto(digest);
        return Digest.adopt(digest.digest());
    }

    /**
     * Hashes two subtrees whose digests stand one after the other in an array into another array, which may be the same.
     *
     * @param digest a SHA-256 computation that has just begun, and has again when this returns
     */
    static void node(MessageDigest digest, byte[] source, int sourceAt, byte[] target, int targetAt) {
        digest.update((byte) 1);
        digest.update(source, sourceAt, 2 * Digest.BYTES);
        finish(digest, target, targetAt);
    }

    /**
     * Returns the root of the tree with these leaves, at least one. Uses up the array: each level of the tree is written
     * over the one below it, an odd last node moves up as it is (which gives the trees of section 2.1).
     *
     * @param digest a SHA-256 computation that has just begun, and has again when this returns
     * @param leafHashes 32 bytes for each leaf, one after the other
     * @param count how many leaves
     */
    public static Digest rootInPlace(MessageDigest digest, byte[] leafHashes, int count) {
        for (int nodes = count; nodes > 1; nodes = (nodes + 1) / 2) {
            for (int i = 0; i < nodes / 2; i++) {
                node(digest, leafHashes, 2 * Digest.BYTES * i, leafHashes, Digest.BYTES * i);
            }
            if ((nodes & 1) == 1) {
                System.arraycopy(
                        leafHashes, Digest.BYTES * (nodes - 1), leafHashes, Digest.BYTES * (nodes / 2), Digest.BYTES);
            }
        }
        return Digest.read(leafHashes, 0);
    }

    /**
     * Ends a SHA-256 computation and puts its result into an array.
     *
     * @param target has 32 bytes from {@code targetAt} on
     */
    public static void finish(MessageDigest digest, byte[] target, int targetAt) {
        try {
            digest.digest(target, targetAt, Digest.BYTES);
        } catch (DigestException e) {
            throw new IllegalArgumentException("there is no room for a digest at " + targetAt, e);
        }
    }
}
