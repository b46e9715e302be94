package dev.evidencevault.cli;

import dev.evidencevault.crypto.note.NoteVerifier;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.KeyHistory;
import dev.evidencevault.format.Succession;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The public key that has to have signed. */
final class KeyOption {
    private static final int FILE_BYTES_MAX = 1 << 20;

    @Option(names = "--key", paramLabel = "KEY", description = "the vault's public key, or a file that holds it")
    private @Nullable String key;

    @Option(
            names = "--successions",
            paramLabel = "FILE",
            description =
                    "the vault's successions of keys, as evault keys history --out writes them: for what was made"
                            + " before the key that is given with --key, or while it may have been made with one that had ended")
    private @Nullable Path successions;

    /** Returns the successions that are known, or none. */
    List<Succession> known() throws IOException {
        if (successions == null) {
            return List.of();
        }
        if (key == null) {
            throw new UsageException("--successions needs --key: the key that is known to be the vault's");
        }
        try {
            return KeyHistory.parse(small(successions)).successions();
        } catch (IllegalArgumentException e) {
            throw new UsageException("--successions: " + Json.firstLine(e));
        }
    }

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
