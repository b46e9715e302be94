package dev.evidencevault.crypto.merkle;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Checks proofs against roots. Every element of a proof has to be used, and none may be missing; no proof can make a
 * check do more work than 64 hashes an element.
 *
 * <p>The algorithms are those of RFC 9162 sections 2.1.3.2 and 2.1.4.2, which hold for RFC 6962 trees too.
 */
public final class TreeProofs {
    private TreeProofs() {}

    /** Says whether {@code path} leads from the leaf to the root of a tree of {@code size} leaves. */
    public static boolean checkInclusion(Digest leafHash, long index, long size, List<Digest> path, Digest root) {
        if (index < 0 || index >= size) {
            return false;
        }
        long fn = index;
        long sn = size - 1;
        Digest hash = leafHash;
        for (Digest sibling : path) {
            if (sn == 0) {
                return false;
            }
            if ((fn & 1) == 1 || fn == sn) {
                hash = Rfc6962.node(sibling, hash);
                while ((fn & 1) == 0 && fn != 0) {
                    fn >>>= 1;
                    sn >>>= 1;
                }
            } else {
                hash = Rfc6962.node(hash, sibling);
            }
            fn >>>= 1;
            sn >>>= 1;
        }
        return sn == 0 && hash.equals(root);
    }

    /** Says whether {@code proof} shows that the tree with the old root is the beginning of that with the new root.
     * Nothing can be shown of the tree without leaves: the answer for it is no. */
    public static boolean checkConsistency(
            long oldSize, Digest oldRoot, long newSize, Digest newRoot, List<Digest> proof) {
        if (oldSize < 1 || oldSize > newSize) {
            return false;
        }
        if (oldSize == newSize) {
            return proof.isEmpty() && oldRoot.equals(newRoot);
        }
        Deque<Digest> rest = new ArrayDeque<>(proof);
        if (Long.bitCount(oldSize) == 1) {
            rest.addFirst(oldRoot);
        }
        if (rest.isEmpty()) {
            return false;
        }
        long fn = oldSize - 1;
        long sn = newSize - 1;
        while ((fn & 1) == 1) {
            fn >>>= 1;
            sn >>>= 1;
        }
        Digest fromOld = rest.removeFirst();
        Digest fromNew = fromOld;
        for (Digest hash : rest) {
            if (sn == 0) {
                return false;
            }
            if ((fn & 1) == 1 || fn == sn) {
                fromOld = Rfc6962.node(hash, fromOld);
                fromNew = Rfc6962.node(hash, fromNew);
                while ((fn & 1) == 0 && fn != 0) {
                    fn >>>= 1;
                    sn >>>= 1;
                }
            } else {
                fromNew = Rfc6962.node(fromNew, hash);
            }
            fn >>>= 1;
            sn >>>= 1;
        }
        return sn == 0 && fromOld.equals(oldRoot) && fromNew.equals(newRoot);
    }
}
