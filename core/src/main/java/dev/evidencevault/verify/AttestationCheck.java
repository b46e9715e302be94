package dev.evidencevault.verify;

import dev.evidencevault.anchor.Anchor;
import dev.evidencevault.attest.Attestations;
import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.KeyHistory;
import dev.evidencevault.storage.Layout;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;

/**
 * Compares what witnesses cosigned, and what authorities stamped, with the anchors. Whether the witnesses' own lines are
 * good, a bundle's verifier says, who is given their keys.
 */
final class AttestationCheck {
    private static final String WHERE = "attestations";

    private final Layout layout;
    private final KeyHistory keys;
    private final Findings findings;
    private final TimeStampCheck stamps;

    AttestationCheck(Layout layout, KeyHistory keys, Collection<X509Certificate> timeRoots, Findings findings) {
        this.layout = layout;
        this.keys = keys;
        this.findings = findings;
        this.stamps = new TimeStampCheck(timeRoots, findings);
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
                        && (!keys.at(number).verifiesFirst(note.get())
                                || !note.get()
                                        .text()
                                        .equals(Anchor.read(layout, number, keys)
                                                .note()
                                                .text()))) {
                    findings.failed(
                            Claim.ANCHORS, WHERE, "witnesses cosigned another anchor " + number + " than there is now");
                }
            } catch (CorruptFileException e) {
                findings.failed(Claim.ANCHORS, layout.root(), e);
            }
        }
        checkTimeStamps(attestations);
    }

    private void checkTimeStamps(Attestations attestations) throws IOException {
        SortedSet<Long> numbers = attestations.timeStamped();
        if (!stamps.hasRoots()) {
            if (!numbers.isEmpty()) {
                findings.passed(
                        Claim.FILES,
                        WHERE,
                        numbers.size() + " anchors have time stamps, the last of them anchor " + numbers.last()
                                + "; they were not judged: no root (--tsa-root)");
            }
            return;
        }
        String latest = "";
        for (long number : numbers) {
            try {
                Anchor anchor = Anchor.read(layout, number, keys);
                for (Map.Entry<Integer, byte[]> stamp :
                        attestations.timeStamps(number).entrySet()) {
                    latest = stamps.judge(
                                    Attestations.timeStampName(number, stamp.getKey()),
                                    stamp.getValue(),
                                    anchor.note(),
                                    anchor.head().time())
                            .map(TimeStampCheck::told)
                            .orElse(latest);
                }
            } catch (CorruptFileException e) {
                findings.failed(Claim.TIME, layout.root(), e);
            }
        }
        if (numbers.isEmpty()) {
            findings.indeterminate(Claim.TIME, WHERE, "no checkpoint of the vault has a time stamp");
        } else {
            findings.passedIfClean(
                    Claim.TIME,
                    WHERE,
                    numbers.size() + " anchors have good time stamps; anchor " + numbers.last()
                            + " is the last of them and covers those before: " + latest);
        }
    }
}
