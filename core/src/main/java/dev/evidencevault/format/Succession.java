package dev.evidencevault.format;

import dev.evidencevault.crypto.note.Checkpoint;
import dev.evidencevault.crypto.note.CheckpointKeys;
import dev.evidencevault.crypto.note.CheckpointSigner;
import dev.evidencevault.crypto.note.CosignatureVerifier;
import dev.evidencevault.crypto.note.NoteVerifier;
import dev.evidencevault.crypto.note.SignedNote;
import java.util.ArrayList;
import java.util.List;

/**
 * The hand-over from a vault's signing keys to the next ones, which both have signed: whoever knows one of them knows the
 * other. The keys before sign checkpoints up to a size of the node's log, the keys after those above. Immutable; there is
 * none whose signatures are not good. Format: {@code docs/formats/succession.md}.
 *
 * @param number which of the vault it is, from 1
 * @param head the last checkpoint of the keys before
 * @param before the keys before
 * @param after the keys after, of the same name
 * @param note the signed note that says so
 */
public record Succession(int number, Checkpoint head, CheckpointKeys before, CheckpointKeys after, SignedNote note) {
    /** How many successions a vault has at most. */
    public static final int NUMBER_MAX = 100;

    private static final String LABEL = "evidence-vault/succession/v1";

    /** Label, number, and the lines of the checkpoint. */
    private static final int LINES_BEFORE_KEYS = 5;

    /** Checks the parts, and that both sides signed. */
    public Succession {
        if (number < 1 || number > NUMBER_MAX) {
            throw new IllegalArgumentException(
                    "a succession has a number from 1 to " + NUMBER_MAX + ", found " + number);
        }
        String name = before.verifier().name();
        if (!head.origin().equals(name) || !after.verifier().name().equals(name)) {
            throw new IllegalArgumentException("expected keys and a checkpoint of one vault, found those of "
                    + head.origin() + ", " + name + " and " + after.verifier().name());
        }
        if (head.size() < 1) {
            throw new IllegalArgumentException("the keys before a succession signed one checkpoint at least");
        }
        if ((before.postQuantum() == null) != (after.postQuantum() == null)) {
            throw new IllegalArgumentException("expected an ML-DSA-44 key on both sides of a succession, or on none");
        }
        if (before.verifier().equals(after.verifier())
                || before.postQuantum() != null && before.postQuantum().equals(after.postQuantum())) {
            throw new IllegalArgumentException("a key does not succeed itself");
        }
        if (!note.text().equals(text(number, head, before, after))) {
            throw new IllegalArgumentException("the text of the succession says otherwise");
        }
        List<SignedNote.Signature> lines = note.signatures();
        int each = before.postQuantum() == null ? 1 : 2;
        if (lines.size() != 2 * each
                || !isSigned(before, note.text(), lines.subList(0, each))
                || !isSigned(after, note.text(), lines.subList(each, 2 * each))) {
            throw new IllegalArgumentException("the succession is not signed with the keys before and those after it");
        }
    }

    private static boolean isSigned(CheckpointKeys keys, String text, List<SignedNote.Signature> lines) {
        return keys.verifier().verifies(new SignedNote(text, lines.subList(0, 1)))
                && (lines.size() == 1 || keys.verifiesText(new SignedNote(text, lines.subList(1, 2))));
    }

    private static String text(int number, Checkpoint head, CheckpointKeys before, CheckpointKeys after) {
        StringBuilder text = new StringBuilder(LABEL + "\n" + number + "\n" + head.format());
        for (CheckpointKeys keys : List.of(before, after)) {
            text.append(keys.verifier().format()).append('\n');
            CosignatureVerifier second = keys.postQuantum();
            if (second != null) {
                text.append(second.format()).append('\n');
            }
        }
        return text.toString();
    }

    /**
     * Hands over.
     *
     * @param number which succession of the vault it is, from 1
     * @param head the last checkpoint of the keys before
     */
    public static Succession sign(int number, Checkpoint head, CheckpointSigner before, CheckpointSigner after) {
        String text = text(number, head, before.keys(), after.keys());
        List<SignedNote.Signature> lines = new ArrayList<>();
        for (CheckpointSigner signer : List.of(before, after)) {
            lines.addAll(signer.signText(text).signatures());
            signer.signTextPostQuantum(text).ifPresent(note -> lines.addAll(note.signatures()));
        }
        return new Succession(number, head, before.keys(), after.keys(), new SignedNote(text, lines));
    }

    /**
     * Reads a succession and verifies it, as far as it stands alone.
     *
     * @throws IllegalArgumentException if it is malformed or not signed by both sides
     */
    public static Succession parse(SignedNote note) {
        List<String> lines = note.text().lines().toList();
        int keys = lines.size() - LINES_BEFORE_KEYS;
        if (!lines.get(0).equals(LABEL)
                || keys != 2 && keys != 4
                || !lines.get(1).matches("[1-9][0-9]{0,2}")) {
            throw new IllegalArgumentException("expected a succession of keys, found a note that begins otherwise");
        }
        Checkpoint head = Checkpoint.parse(String.join("\n", lines.subList(2, LINES_BEFORE_KEYS)) + "\n");
        return new Succession(
                Integer.parseInt(lines.get(1)),
                head,
                keys(lines.subList(LINES_BEFORE_KEYS, LINES_BEFORE_KEYS + keys / 2)),
                keys(lines.subList(LINES_BEFORE_KEYS + keys / 2, lines.size())),
                note);
    }

    private static CheckpointKeys keys(List<String> lines) {
        return new CheckpointKeys(
                NoteVerifier.parse(lines.get(0)), lines.size() == 1 ? null : CosignatureVerifier.parse(lines.get(1)));
    }
}
