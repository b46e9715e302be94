package dev.evidencevault.storage;

import dev.evidencevault.crypto.note.SignedNote;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/** A file of a vault that is a signed note (C2SP signed-note) with one signature, the vault's. */
public final class SignedFile {
    private SignedFile() {}

    /**
     * Reads the text of such a file; empty if there is none.
     *
     * @param what what it is, in the plural, for messages
     * @throws IllegalArgumentException if it is no such note
     */
    public static Optional<String> read(Path file, Settings settings, String what) throws IOException {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) > SignedNote.BYTES_MAX) {
            throw new IllegalArgumentException("expected a file of at most " + SignedNote.BYTES_MAX + " bytes");
        }
        SignedNote note = SignedNote.parse(Files.readAllBytes(file));
        if (note.signatures().size() != 1 || settings.keys().signerOf(note, 0).isEmpty()) {
            throw new IllegalArgumentException(
                    "expected " + what + " that " + settings.verifier().format() + " signed, and no other");
        }
        return Optional.of(note.text());
    }
}
