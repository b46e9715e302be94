package dev.evidencevault.anchor;

import dev.evidencevault.crypto.keys.NodeKeys;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.merkle.TreeProofs;
import dev.evidencevault.crypto.note.Checkpoint;
import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.format.KeyHistory;
import dev.evidencevault.format.LogId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * The way from one log's head to the node's signed checkpoint. Of other logs it shows blinded hashes only, and always as
 * many.
 *
 * @param head the anchor
 * @param slot the log's slot
 * @param nonce the 32 bytes that blind the log's leaf
 * @param superPath 20 hashes from the slot to the super-tree's root
 * @param nodePath the path from the anchor to the root of the node's log
 * @param note the node's signed checkpoint
 */
public record AnchorProof(
        Anchor.Head head, int slot, Digest nonce, List<Digest> superPath, List<Digest> nodePath, SignedNote note) {

    /** Copies the lists. */
    public AnchorProof {
        superPath = List.copyOf(superPath);
        nodePath = List.copyOf(nodePath);
    }

    /** Cuts the proof for a log out of an anchor; empty if the anchor does not know the log. */
    public static Optional<AnchorProof> of(Anchor anchor, LogId logId, NodeKeys nodeKeys) {
        Anchor.Entry own = anchor.entries().get(logId);
        if (own == null) {
            return Optional.empty();
        }
        SuperTree tree = new SuperTree(nodeKeys.blinding(anchor.head().index()));
        anchor.entries().forEach((id, entry) -> tree.put(entry.slot(), entry.checkpoint(id)));
        List<Digest> nodePath = new ArrayList<>(anchor.before().hashes());
        Collections.reverse(nodePath);
        return Optional.of(new AnchorProof(
                anchor.head(),
                own.slot(),
                Digest.of(tree.nonce(own.slot())),
                tree.path(own.slot()),
                nodePath,
                anchor.note()));
    }

    /**
     * Says whether the proof leads from this head to a checkpoint that is signed with the keys that signed then. Lines that others added
     * to the checkpoint, below, are not looked at.
     *
     * @throws IllegalArgumentException if a part is malformed
     */
    public boolean check(Checkpoint logHead, KeyHistory history) {
        if (superPath.size() != SuperTree.DEPTH || slot < 0 || slot >= SuperTree.SLOTS) {
            throw new IllegalArgumentException("a path in the super-tree has " + SuperTree.DEPTH + " hashes");
        }
        Checkpoint node = Checkpoint.parse(note.text());
        return SuperTree.root(SuperTree.leaf(nonce.bytes(), logHead), slot, superPath)
                        .equals(head.superRoot())
                && TreeProofs.checkInclusion(head.leafHash(), head.index(), node.size(), nodePath, node.root())
                && node.origin().equals(history.name())
                && history.at(node.size()).verifiesFirst(note);
    }
}
