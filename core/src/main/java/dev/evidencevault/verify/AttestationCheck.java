package dev.evidencevault.verify;

import dev.evidencevault.anchor.Anchor;
import dev.evidencevault.attest.Attestations;
import dev.evidencevault.crypto.note.CheckpointKeys;
import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.storage.Layout;
import java.io.IOException;
import java.util.Optional;

/**
 * Compares what witnesses cosigned with the anchors. Whether their own lines are good, a bundle's verifier says, who is
 * given their keys.
 */
final class AttestationCheck {
    private final Layout layout;
    private final CheckpointKeys keys;
    private final Findings findings;

    AttestationCheck(Layout layout, CheckpointKeys keys, Findings findings) {
        this.layout = layout;
        this.keys = keys;
        this.findings = findings;
    }

    void run(WriterState writer) throws IOException {
        VaultVerifier.checkNames(
                layout.attestations(),
                name -> Attestations.isName(name) || Attestations.isUnfinishedName(name),
                writer,
                layout,
                findings);
        Attestations attestations = new Attestations(layout);
        for (long number : attestations.witnessed()) {
            try {
                Optional<SignedNote> note = attestations.witnessedNote(number);
                if (note.isPresent()
                        && (!keys.verifiesFirst(note.get())
                                || !note.get()
                                        .text()
                                        .equals(Anchor.read(layout, number, keys)
                                                .note()
                                                .text()))) {
                    findings.failed(
                            Claim.ANCHORS,
                            "attestations",
                            "witnesses cosigned another anchor " + number + " than there is now");
                }
            } catch (CorruptFileException e) {
                findings.failed(Claim.ANCHORS, layout.root(), e);
            }
        }
    }
}
