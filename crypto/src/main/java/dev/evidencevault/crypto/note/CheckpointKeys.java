package dev.evidencevault.crypto.note;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The public keys of a log that signs its own checkpoints: one of elliptic curves, and beside it, so that a checkpoint still holds
 * when elliptic curves do not, an ML-DSA-44 key of the same name. Immutable and safe for use by several threads.
 *
 * @param verifier the key of elliptic curves, Ed25519 or ECDSA P-384
 * @param postQuantum the ML-DSA-44 key; null if the log has none
 */
public record CheckpointKeys(
        NoteVerifier verifier, @Nullable CosignatureVerifier postQuantum) {
    /** Checks that both have one name, and that the second is of its algorithm. */
    public CheckpointKeys {
        if (postQuantum != null
                && (postQuantum.algorithm() != CosignatureAlgorithm.ML_DSA_44
                        || !postQuantum.name().equals(verifier.name()))) {
            throw new IllegalArgumentException("expected an ML-DSA-44 key named " + verifier.name() + ", found "
                    + postQuantum.algorithm() + " named " + postQuantum.name());
        }
    }

    /** Returns a log's keys that has no second one. */
    public static CheckpointKeys of(NoteVerifier verifier) {
        return new CheckpointKeys(verifier, null);
    }

    /**
     * Says whether a note is a checkpoint that has the signatures of these keys, first of elliptic curves, then of ML-DSA-44 if
     * there is such a key, and no other.
     */
    public boolean verifies(SignedNote note) {
        return note.signatures().size() == (postQuantum == null ? 1 : 2) && verifiesFirst(note);
    }

    /**
     * Says the same of a note to which others may have added lines below, which are not looked at, as long as none of them
     * claims to be of these keys.
     */
    public boolean verifiesFirst(SignedNote note) {
        List<SignedNote.Signature> lines = note.signatures();
        SignedNote own = new SignedNote(note.text(), lines.subList(0, 1));
        int ours = postQuantum == null ? 1 : 2;
        if (lines.size() < ours
                || !verifier.verifies(own)
                || lines.subList(ours, lines.size()).stream().anyMatch(this::names)) {
            return false;
        }
        if (postQuantum == null) {
            return true;
        }
        try {
            // A log says no time when it signs its own checkpoint.
            return postQuantum.verify(Checkpoint.parse(note.text()), lines.get(1))
                            instanceof CosignatureVerdict.Good good
                    && good.timeSeconds() == 0;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Says whether a note, which is no checkpoint, has the signature of the ML-DSA-44 key, without a time, and no other. */
    public boolean verifiesText(SignedNote note) {
        return postQuantum != null
                && note.signatures().size() == 1
                && postQuantum.verify(
                                Checkpoint.ofText(note.text()),
                                note.signatures().get(0))
                        instanceof CosignatureVerdict.Good good
                && good.timeSeconds() == 0;
    }

    /** Returns a note that {@link #verifiesFirst} accepts without the lines that others added below: as the log signed it. */
    public SignedNote own(SignedNote note) {
        int ours = postQuantum == null ? 1 : 2;
        return new SignedNote(note.text(), note.signatures().subList(0, ours));
    }

    private boolean names(SignedNote.Signature line) {
        return verifier.isNamedBy(line) || postQuantum != null && postQuantum.isNamedBy(line);
    }
}
