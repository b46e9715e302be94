package dev.evidencevault.crypto.note;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Signs the checkpoints of a log with all of its keys. Immutable and safe for use by several threads. */
public final class CheckpointSigner {
    private final NoteSigner signer;
    private final @Nullable CosignatureSigner postQuantum;
    private final CheckpointKeys keys;

    /** Creates a signer; {@code postQuantum} is null for a log without such a key. */
    public CheckpointSigner(NoteSigner signer, @Nullable CosignatureSigner postQuantum) {
        this.signer = signer;
        this.postQuantum = postQuantum;
        this.keys = new CheckpointKeys(signer.verifier(), postQuantum == null ? null : postQuantum.verifier());
    }

    /** Returns the public halves. */
    public CheckpointKeys keys() {
        return keys;
    }

    /** Signs a checkpoint. The ML-DSA-44 line says no time: the anchor has it. */
    public SignedNote sign(Checkpoint checkpoint) {
        SignedNote note = signer.sign(checkpoint.format());
        if (postQuantum == null) {
            return note;
        }
        List<SignedNote.Signature> lines = new ArrayList<>(note.signatures());
        lines.add(postQuantum.cosign(checkpoint, 0));
        return new SignedNote(note.text(), lines);
    }

    /**
     * Signs a text that is no checkpoint with the key of elliptic curves, as {@link NoteSigner} does.
     *
     * @param text what is signed; its lines end in newlines, and the first says what it is and is no name of a log
     */
    public SignedNote signText(String text) {
        return signer.sign(text);
    }

    /**
     * Signs such a text with the ML-DSA-44 key: as the head of a log that has the text as its only leaf. Empty if there is no
     * such key.
     */
    public Optional<SignedNote> signTextPostQuantum(String text) {
        return postQuantum == null
                ? Optional.empty()
                : Optional.of(new SignedNote(text, List.of(postQuantum.cosign(Checkpoint.ofText(text), 0))));
    }
}
