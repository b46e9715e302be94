package dev.evidencevault.storage;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.crypto.note.CheckpointKeys;
import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.KeyHistory;
import dev.evidencevault.format.Succession;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;

/**
 * A succession as it lies in a vault: what both sides signed, the wrapped keyset of the new key, and why. Its file is put in
 * place whole; that is the hand-over. Format: {@code docs/formats/succession.md}.
 *
 * @param succession the hand-over
 * @param signing the keyset of the key after it, wrapped
 * @param reason why
 */
public record SuccessionFile(Succession succession, WrappedKeyset signing, String reason) {
    /** The longest reason, in UTF-16 code units. */
    public static final int REASON_CHARS_MAX = 1024;

    private static final String FORMAT = "evidence-vault-succession/1";
    private static final int FILE_BYTES_MAX = 64 << 10;

    /** A wrapped keyset. */
    public static final class WrappedKeyset {
        private final byte[] bytes;

        /** Copies the bytes. */
        public WrappedKeyset(byte[] bytes) {
            this.bytes = bytes.clone();
        }

        /** Returns a copy of the bytes. */
        public byte[] bytes() {
            return bytes.clone();
        }
    }

    /** Checks the reason. */
    public SuccessionFile {
        requireReason(reason);
    }

    /**
     * Checks a reason.
     *
     * @throws IllegalArgumentException if it is blank or too long
     */
    public static void requireReason(String reason) {
        if (reason.isBlank() || reason.length() > REASON_CHARS_MAX) {
            throw new IllegalArgumentException("a reason has 1 to " + REASON_CHARS_MAX
                    + " characters that are not all blank, found " + reason.length());
        }
    }

    /** Returns the bytes of the file. */
    public byte[] format() {
        return Json.bytes(Json.object()
                .put("format", FORMAT)
                .put("reason", reason)
                .put("signing", Base64.getEncoder().encodeToString(signing.bytes))
                .put("note", new String(succession.note().format(), StandardCharsets.UTF_8)));
    }

    private static SuccessionFile parse(byte[] bytes) {
        ObjectNode json = Json.parseObject(bytes, "a succession");
        Json.requireOnly(json, Set.of("format", "reason", "signing", "note"), "a succession");
        if (!Json.text(json, "format").equals(FORMAT)) {
            throw new IllegalArgumentException("expected the format " + FORMAT + ", found " + json.path("format"));
        }
        SuccessionFile file = new SuccessionFile(
                Succession.parse(SignedNote.parse(Json.text(json, "note").getBytes(StandardCharsets.UTF_8))),
                new WrappedKeyset(Base64.getDecoder().decode(Json.text(json, "signing"))),
                Json.text(json, "reason"));
        if (!Arrays.equals(file.format(), bytes)) {
            throw new IllegalArgumentException("the file is not spelled as it was written");
        }
        return file;
    }

    /**
     * Reads the successions of a vault, and checks that each follows on the one before.
     *
     * @param first the vault's first keys
     * @throws CorruptFileException if one is missing, damaged, or not where it belongs
     */
    static List<SuccessionFile> readAll(Layout layout, CheckpointKeys first) throws IOException {
        List<SuccessionFile> files = new ArrayList<>();
        List<Succession> successions = new ArrayList<>();
        for (long number : Layout.numbers(layout.successions(), Layout.SUCCESSION_SUFFIX)) {
            Path path = layout.succession(number);
            if (number != files.size() + 1) {
                throw new CorruptFileException(
                        layout.succession(files.size() + 1L), 0, "the succession of keys is missing");
            }
            try {
                if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
                    throw new IllegalArgumentException("expected a succession of keys, found no regular file");
                }
                if (Files.size(path) > FILE_BYTES_MAX) {
                    throw new IllegalArgumentException("a succession has at most 64 KiB");
                }
                files.add(parse(Files.readAllBytes(path)));
                successions.add(files.get(files.size() - 1).succession());
                KeyHistory.from(first, successions);
            } catch (IllegalArgumentException e) {
                throw new CorruptFileException(path, 0, Json.firstLine(e));
            }
        }
        return files;
    }
}
