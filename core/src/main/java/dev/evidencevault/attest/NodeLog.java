package dev.evidencevault.attest;

import dev.evidencevault.anchor.Anchor;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.merkle.HashTree;
import dev.evidencevault.storage.Layout;
import java.io.IOException;
import java.util.List;

/** The node's log, of which each anchor is a leaf, as a tree from which proofs are cut. 64 bytes an anchor. For one thread. */
final class NodeLog {
    private final Layout layout;
    private final HashTree tree = new HashTree();

    NodeLog(Layout layout) {
        this.layout = layout;
    }

    /** Returns the proof that the log of the old size is the beginning of the log of the new size. */
    List<Digest> consistencyProof(long oldSize, long newSize) throws IOException {
        while (tree.size() < newSize) {
            tree.append(Anchor.readHead(layout, tree.size() + 1).leafHash());
        }
        return tree.consistencyProof(oldSize, newSize);
    }
}
