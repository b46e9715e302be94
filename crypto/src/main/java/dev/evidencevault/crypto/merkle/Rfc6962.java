package dev.evidencevault.crypto.merkle;

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
        return Digest.of(digest.digest(data));
    }

    /** Returns the hash of the tree that has these two subtrees: SHA-256(0x01 ‖ left ‖ right). */
    public static Digest node(Digest left, Digest right) {
        MessageDigest digest = SHA_256.get();
        digest.update((byte) 1);
        left.updateInto(digest);
        right.updateInto(digest);
        return Digest.of(digest.digest());
    }
}
