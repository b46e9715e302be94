package dev.evidencevault.cli;

import dev.evidencevault.crypto.note.NoteVerifier;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The public key that has to have signed. */
final class KeyOption {
    private static final int FILE_BYTES_MAX = 1 << 20;

    @Option(names = "--key", paramLabel = "KEY", description = "the vault's public key, or a file that holds it")
    private @Nullable String key;

    /** Returns the key, or null if none was given. */
    @Nullable
    NoteVerifier pinned() throws IOException {
        if (key == null) {
            return null;
        }
        String text = key;
        try {
            if (!text.contains("+") && Files.isRegularFile(Path.of(text))) {
                text = new String(small(Path.of(text)), StandardCharsets.UTF_8).strip();
            }
            return NoteVerifier.parse(text);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--key: expected a key as evault init printed it, or a file that holds one, found "
                    + Shell.printable(key));
        }
    }

    /** Reads a file of at most 1 MiB. */
    static byte[] small(Path file) throws IOException {
        if (Files.size(file) > FILE_BYTES_MAX) {
            throw new UsageException(file + " has more than 1 MiB");
        }
        return Files.readAllBytes(file);
    }
}
