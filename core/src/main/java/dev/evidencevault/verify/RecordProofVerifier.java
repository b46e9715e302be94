package dev.evidencevault.verify;

import dev.evidencevault.crypto.merkle.TreeProofs;
import dev.evidencevault.crypto.note.Checkpoint;
import dev.evidencevault.crypto.note.CheckpointKeys;
import dev.evidencevault.crypto.note.NoteVerifier;
import dev.evidencevault.format.KeyHistory;
import dev.evidencevault.format.LeafHeader;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.format.RecordKind;
import dev.evidencevault.format.Succession;
import dev.evidencevault.format.Timestamps;
import dev.evidencevault.proof.RecordProof;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Verifies the proof of a single record, offline, from the file alone. Immutable and safe for use by several threads. */
public final class RecordProofVerifier {
    private static final String WHERE = "proof";

    private final @Nullable TrustedKey trusted;

    /** Creates a verifier; {@code pinned} is the key that has to have signed, or null to take the proof's word. */
    public RecordProofVerifier(@Nullable NoteVerifier pinned) {
        this(pinned, List.of());
    }

    /**
     * Creates a verifier that knows of the vault's successions of keys.
     *
     * @param successions from the first on; empty to take those that the proof shows
     */
    public RecordProofVerifier(@Nullable NoteVerifier pinned, List<Succession> successions) {
        this.trusted = pinned == null ? null : new TrustedKey(pinned, successions);
    }

    /** Verifies a proof as it stands in a file. */
    public VerificationReport verify(byte[] file) {
        Findings findings = new Findings();
        RecordProof proof;
        try {
            proof = RecordProof.parse(file);
        } catch (IllegalArgumentException e) {
            findings.failed(Claim.FILES, WHERE, e);
            return findings.report();
        }
        findings.passed(Claim.FILES, WHERE, "it is a record proof in the one spelling");
        KeyHistory keys = keys(proof, findings);
        checkRecord(proof, findings);
        checkAnchor(proof, keys, findings);
        return findings.report();
    }

    /** Returns the keys by which the proof is judged. */
    private KeyHistory keys(RecordProof proof, Findings findings) {
        Optional<KeyHistory> known = trusted == null ? Optional.of(proof.keys()) : trusted.history(proof.keys());
        String key = proof.keys().current().verifier().format();
        if (trusted != null && known.isEmpty()) {
            findings.failed(
                    Claim.SIGNATURE, WHERE, "expected the key " + trusted.key().format() + ", found " + key);
        }
        findings.passedIfClean(
                Claim.SIGNATURE,
                WHERE,
                "the key is " + key
                        + (trusted == null
                                ? "; that it is the vault's, compare with who runs the vault"
                                : trusted.told(proof.keys().current().verifier())));
        return known.orElse(proof.keys());
    }

    private static void checkRecord(RecordProof proof, Findings findings) {
        byte[] line = proof.line().getBytes(StandardCharsets.UTF_8);
        LeafHeader header = proof.leaf().header();
        byte[] salt = proof.leaf().salt();
        try {
            if (salt == null || !header.commitsTo(salt, line)) {
                throw new IllegalArgumentException(
                        "the line is not the record " + header.seq() + " that was committed to");
            }
            LogRecord record = LogRecord.parse(line);
            if (record.seq() != header.seq()
                    || record.kind() != header.kind()
                    || record.kind() == RecordKind.SEAL
                    || record.recordedAt() != header.recordedAt()
                    || record.occurredAt() != header.occurredAt()
                    || record.privileged() != header.privileged()) {
                throw new IllegalArgumentException("the line says otherwise than its leaf header");
            }
            if (!proof.head().origin().equals(header.logId().origin())) {
                throw new IllegalArgumentException(
                        "the checkpoint is of " + proof.head().origin() + ", the record of "
                                + header.logId().origin());
            }
            if (!TreeProofs.checkInclusion(
                    header.leafHash(),
                    header.seq(),
                    proof.head().size(),
                    proof.path(),
                    proof.head().root())) {
                throw new IllegalArgumentException("the path does not lead from the record to the root of the log");
            }
            findings.passed(
                    Claim.RECORDS,
                    WHERE,
                    "it is record " + header.seq() + " of log " + header.logId() + ", recorded at "
                            + Timestamps.format(header.recordedAt()) + ", unchanged");
        } catch (IllegalArgumentException e) {
            findings.failed(Claim.RECORDS, WHERE, e);
        }
    }

    private static void checkAnchor(RecordProof proof, KeyHistory keys, Findings findings) {
        try {
            CheckpointKeys signing =
                    keys.at(Checkpoint.parse(proof.anchor().note().text()).size());
            if (!signing.verifies(proof.anchor().note()) || !proof.anchor().check(proof.head(), keys)) {
                throw new IllegalArgumentException(
                        "the proof does not lead from the log's checkpoint to one signed with "
                                + signing.verifier().format());
            }
            findings.passed(
                    Claim.ANCHORS,
                    WHERE,
                    "the log's head of " + proof.head().size() + " leaves is in anchor "
                            + proof.anchor().head().index() + " of "
                            + Timestamps.format(proof.anchor().head().time()) + ", under a signed checkpoint");
        } catch (IllegalArgumentException e) {
            findings.failed(Claim.ANCHORS, WHERE, e);
        }
    }
}
