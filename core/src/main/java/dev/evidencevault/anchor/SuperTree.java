package dev.evidencevault.anchor;

import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.merkle.Rfc6962;
import dev.evidencevault.crypto.note.Checkpoint;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The tree over the heads of all logs at one anchor: 2^20 slots, most of them empty, blinded so that a slot's neighbours
 * show neither whether they are taken nor whether they changed.
 *
 * <p>A taken slot's leaf is the RFC 6962 leaf over a nonce and the head; a subtree without taken slots is a pseudo-random
 * value in its place. Both come from HMAC-SHA-256 under a key that is used for this anchor alone. Every path has 20
 * hashes. Not safe for use by several threads at once.
 */
final class SuperTree {
    static final int DEPTH = 20;
    static final int SLOTS = 1 << DEPTH;

    private final Mac mac;
    private final NavigableMap<Integer, Digest> leaves = new TreeMap<>();

    SuperTree(byte[] blindingKey) {
        try {
            mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(blindingKey, "HmacSHA256"));
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every Java platform has HMAC-SHA-256", e);
        }
    }

    void put(int slot, Checkpoint head) {
        leaves.put(slot, leaf(nonce(slot), head));
    }

    byte[] nonce(int slot) {
        return blind("leaf", 0, slot);
    }

    static Digest leaf(byte[] nonce, Checkpoint head) {
        byte[] hash =
                Digest.sha256(head.format().getBytes(StandardCharsets.UTF_8)).bytes();
        return Rfc6962.leaf(
                ByteBuffer.allocate(2 * Digest.BYTES).put(nonce).put(hash).array());
    }

    Digest root() {
        return subtree(DEPTH, 0);
    }

    /** The siblings from the slot up to the root. */
    List<Digest> path(int slot) {
        List<Digest> path = new ArrayList<>(DEPTH);
        for (int level = 0; level < DEPTH; level++) {
            path.add(subtree(level, (slot >>> level) ^ 1));
        }
        return path;
    }

    static Digest root(Digest leaf, int slot, List<Digest> path) {
        Digest hash = leaf;
        for (int level = 0; level < path.size(); level++) {
            boolean right = (slot >>> level & 1) == 1;
            hash = right ? Rfc6962.node(path.get(level), hash) : Rfc6962.node(hash, path.get(level));
        }
        return hash;
    }

    private Digest subtree(int level, int index) {
        int from = index << level;
        if (leaves.subMap(from, from + (1 << level)).isEmpty()) {
            return Digest.of(blind("empty", level, index));
        }
        if (level == 0) {
            return leaves.getOrDefault(from, Digest.sha256());
        }
        return Rfc6962.node(subtree(level - 1, 2 * index), subtree(level - 1, 2 * index + 1));
    }

    private byte[] blind(String label, int level, int index) {
        mac.update(label.getBytes(StandardCharsets.US_ASCII));
        return mac.doFinal(ByteBuffer.allocate(8).putInt(level).putInt(index).array());
    }
}
