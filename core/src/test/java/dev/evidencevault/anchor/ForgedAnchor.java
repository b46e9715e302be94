package dev.evidencevault.anchor;

import dev.evidencevault.crypto.merkle.CompactRange;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.note.Checkpoint;
import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.format.LogId;
import dev.evidencevault.storage.UnlockedVault;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.SortedMap;

/** The latest anchor of a vault as no {@link AnchorWriter} writes it. */
public final class ForgedAnchor {
    private ForgedAnchor() {}

    /** Leaves the first signature line of the note and drops the others: the one against quantum computers is gone. */
    public static void withOneSignature(UnlockedVault vault, long number) throws IOException {
        Anchor anchor = Anchor.read(vault.layout(), number, vault.settings().keys());
        SignedNote first = new SignedNote(
                anchor.note().text(), List.of(anchor.note().signatures().get(0)));
        put(vault, number, new Anchor(anchor.head(), anchor.before(), anchor.entries(), first));
    }

    /** Lists the heads that the logs have, under a signed root over heads of which one is another. */
    public static void overAnotherHead(UnlockedVault vault, long number, LogId logId, Digest otherRoot)
            throws IOException {
        Anchor anchor = Anchor.read(vault.layout(), number, vault.settings().keys());
        SuperTree tree = new SuperTree(vault.nodeKeys().blinding(number - 1));
        SortedMap<LogId, Anchor.Entry> entries = anchor.entries();
        entries.forEach((id, entry) -> {
            Digest root = id.equals(logId) ? otherRoot : entry.root();
            tree.put(entry.slot(), new Checkpoint(id.origin(), entry.size(), root));
        });
        Anchor.Head head = new Anchor.Head(
                number - 1, anchor.head().time(), tree.root(), anchor.head().entries());
        CompactRange node = anchor.before().copy();
        node.append(head.leafHash());
        Checkpoint checkpoint = new Checkpoint(vault.settings().verifier().name(), number, node.root());
        put(
                vault,
                number,
                new Anchor(
                        head, anchor.before(), entries, vault.checkpointSigner().sign(checkpoint)));
    }

    private static void put(UnlockedVault vault, long number, Anchor anchor) throws IOException {
        Files.write(vault.layout().anchor(number), anchor.encode());
        Files.write(vault.layout().checkpoint(), anchor.note().format());
    }
}
