package dev.evidencevault.mutation;

import static dev.evidencevault.mutation.MutatedVault.ACME;
import static dev.evidencevault.mutation.MutatedVault.OTHER;
import static dev.evidencevault.mutation.MutatedVault.flip;
import static dev.evidencevault.mutation.MutatedVault.rotate;

import dev.evidencevault.anchor.Anchor;
import dev.evidencevault.anchor.ForgedAnchor;
import dev.evidencevault.crypto.keys.NodeKeys;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.note.CheckpointSigner;
import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.mutation.Cell.Attacker;
import dev.evidencevault.mutation.Cell.Finder;
import dev.evidencevault.mutation.Cell.Level;
import dev.evidencevault.mutation.Cell.Mutation;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Settings;
import dev.evidencevault.verify.Claim;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** The anchors of the vault. */
final class AnchorMutations extends LevelMutations {
    AnchorMutations() {
        super(Level.ANCHOR);
        String anchor1 = "anchors/00000001.eva";
        String anchor2 = "anchors/00000002.eva";
        String anchor3 = "anchors/00000003.eva";
        disk(
                Mutation.FLIP,
                v -> flip(v.layout.anchor(2), 16),
                Claim.ANCHORS,
                anchor2,
                "the checkpoint is not that of the node's log with this anchor");
        disk(Mutation.DELETE, v -> Files.delete(v.layout.anchor(2)), Claim.ANCHORS, anchor2, "the anchor is missing");
        disk(
                Mutation.INSERT,
                v -> Files.copy(v.layout.anchor(3), v.layout.anchor(4)),
                Claim.ANCHORS,
                "anchors/00000004.eva",
                "expected anchor 3, found 2");
        disk(
                Mutation.SWAP,
                v -> rotate(List.of(v.layout.anchor(1), v.layout.anchor(2))),
                Claim.ANCHORS,
                anchor1,
                "expected anchor 0, found 1");
        disk(
                Mutation.REORDER,
                v -> rotate(List.of(v.layout.anchor(1), v.layout.anchor(2), v.layout.anchor(3))),
                Claim.ANCHORS,
                anchor1,
                "expected anchor 0, found 2");
        disk(
                Mutation.TRUNCATE,
                v -> Files.delete(v.layout.anchor(3)),
                Claim.ANCHORS,
                "anchors/checkpoint",
                "some were removed or replaced");
        disk(
                Mutation.TRUNCATE,
                v -> v.dropAnchors(2),
                Claim.ANCHORS,
                SEGMENT_3,
                "are under no anchor, and the journal does not hold their records");
        disk(
                Mutation.REPLAY,
                v -> Files.write(v.layout.checkpoint(), note(v, 2).format()),
                Claim.ANCHORS,
                "anchors/checkpoint",
                "expected the checkpoint of the latest anchor");
        disk(
                Mutation.TRANSPLANT,
                v -> {
                    Path another = v.layout.root().resolveSibling("another");
                    MutatedVault.write(another);
                    Files.copy(new Layout(another).anchor(2), v.layout.anchor(2), StandardCopyOption.REPLACE_EXISTING);
                },
                Claim.ANCHORS,
                anchor2,
                "the checkpoint is not signed with");
        disk(
                Mutation.DOWNGRADE,
                v -> flip(v.layout.anchor(2), 7),
                Claim.ANCHORS,
                anchor2,
                "expected the head of an anchor of version 1");
        disk(
                Mutation.DOWNGRADE,
                v -> ForgedAnchor.withOneSignature(v.unlocked(), 3),
                Claim.ANCHORS,
                anchor3,
                "and the vault's ML-DSA-44 key");
        cell(
                Mutation.REKEY,
                Attacker.KEYS,
                v -> {
                    Settings settings = v.unlocked().settings();
                    NodeKeys own = NodeKeys.generate(Settings.owner(settings.vaultId()));
                    String name = Settings.keyName(settings.vaultId());
                    v.anchorAnew(0, own, new CheckpointSigner(own.signer(name), own.postQuantumSigner(name)), 0);
                },
                Finder.AUDITOR,
                Claim.ANCHORS,
                anchor1,
                "the checkpoint is not signed with");
        cell(
                Mutation.INDEX_LIE,
                Attacker.SIGNER,
                v -> ForgedAnchor.overAnotherHead(v.unlocked(), 3, v.logId(ACME), Digest.sha256(new byte[] {1})),
                Finder.OWNER,
                Claim.ANCHORS,
                anchor3,
                "the root over all logs is not that of the anchor's entries");
        cell(
                Mutation.FORK,
                Attacker.SIGNER,
                v -> v.anchorAnew(2, v.unlocked().nodeKeys(), v.unlocked().checkpointSigner(), 1),
                Finder.KEEPER,
                Claim.ANCHORS,
                KEPT,
                PUT_BACK);
        cell(
                Mutation.RESTORE,
                Attacker.DISK,
                v -> {
                    for (String tenant : List.of(ACME, OTHER)) {
                        Files.delete(v.log(tenant).segment(3));
                        Files.delete(v.log(tenant).index(3));
                    }
                    v.dropAnchors(2);
                },
                Finder.KEEPER,
                Claim.ANCHORS,
                KEPT,
                PUT_BACK);
    }

    private static SignedNote note(MutatedVault vault, long number) throws Exception {
        return Anchor.read(vault.layout, number, vault.unlocked().settings().keys())
                .note();
    }
}
