package dev.evidencevault.storage;

import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.note.CheckpointKeys;
import dev.evidencevault.crypto.note.CheckpointSigner;
import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.KeyHistory;
import dev.evidencevault.format.LogId;
import dev.evidencevault.format.Succession;
import dev.evidencevault.format.Timestamps;
import dev.evidencevault.storage.Layout.LogDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * That the keys of a log were destroyed, and how long the log was then: the vault signs it with all of its keys. It lies where
 * the keys lay, and from when on it does, nobody reads the log, whatever else lies there. Names no tenant. Immutable. Format:
 * {@code docs/formats/tombstone.md}.
 *
 * @param vaultId the vault
 * @param logId the log
 * @param time when, in nanoseconds since 1970
 * @param leaves how many leaves the log has
 * @param root the root over them
 * @param keys SHA-256 of the {@code keys.json} that was destroyed
 * @param request SHA-256 of the approved request to do so
 */
public record Tombstone(LogId vaultId, LogId logId, long time, long leaves, Digest root, Digest keys, Digest request) {
    /** The most bytes of the file. */
    public static final int BYTES_MAX = 16 << 10;

    private static final String LABEL = "evidence-vault/tombstone/v1";
    private static final int LINES = 7;

    /** Checks the length. */
    public Tombstone {
        if (leaves < 0) {
            throw new IllegalArgumentException("a log has no fewer than 0 leaves, found " + leaves);
        }
    }

    private String text() {
        return LABEL + "\nvault " + vaultId + "\nlog " + logId + "\ntime " + Timestamps.format(time) + "\nleaves "
                + leaves + " " + root.hex() + "\nkeys " + keys.hex() + "\nrequest " + request.hex() + "\n";
    }

    /** Returns the bytes of the file, signed. */
    public byte[] sign(CheckpointSigner signer) {
        List<SignedNote.Signature> lines =
                new ArrayList<>(signer.signText(text()).signatures());
        signer.signTextPostQuantum(text()).ifPresent(second -> lines.addAll(second.signatures()));
        return new SignedNote(text(), lines).format();
    }

    /**
     * Parses the file.
     *
     * @throws IllegalArgumentException if it is none, is not spelled as {@link #sign} does, or not signed with all keys that
     *     the vault had at some time
     */
    public static Tombstone parse(byte[] bytes, KeyHistory keys) {
        SignedNote note = SignedNote.parse(bytes);
        if (!Arrays.equals(note.format(), bytes)) {
            throw new IllegalArgumentException("the note is not in its one spelling");
        }
        Tombstone parsed = parse(note.text());
        if (!isSigned(note, keys)) {
            throw new IllegalArgumentException(
                    "expected the signatures of " + keys.current().verifier().format() + ", or of keys before it");
        }
        return parsed;
    }

    /** Says whether a text has the signatures of the vault's keys, of now or of an earlier time, and no other. */
    public static boolean isSigned(SignedNote note, KeyHistory keys) {
        List<CheckpointKeys> all = new ArrayList<>();
        keys.successions().stream().map(Succession::before).forEach(all::add);
        all.add(keys.current());
        return all.stream().anyMatch(each -> isSigned(note, each));
    }

    private static boolean isSigned(SignedNote note, CheckpointKeys keys) {
        List<SignedNote.Signature> lines = note.signatures();
        int wanted = keys.postQuantum() == null ? 1 : 2;
        return lines.size() == wanted
                && keys.verifier().verifies(new SignedNote(note.text(), lines.subList(0, 1)))
                && (wanted == 1 || keys.verifiesText(new SignedNote(note.text(), lines.subList(1, 2))));
    }

    private static Tombstone parse(String text) {
        String[] lines = text.split("\n", -1);
        if (lines.length != LINES + 1 || !lines[0].equals(LABEL)) {
            throw new IllegalArgumentException("expected a tombstone, version 1");
        }
        String[] leaves = value(lines[4], "leaves ").split(" ", -1);
        if (leaves.length != 2 || !leaves[0].matches("[0-9]{1,18}")) {
            throw new IllegalArgumentException("expected a number of leaves and a root, found " + lines[4]);
        }
        Tombstone parsed = new Tombstone(
                LogId.parse(value(lines[1], "vault ")),
                LogId.parse(value(lines[2], "log ")),
                Timestamps.parse(value(lines[3], "time ")),
                Long.parseLong(leaves[0]),
                Digest.parseHex(leaves[1]),
                Digest.parseHex(value(lines[5], "keys ")),
                Digest.parseHex(value(lines[6], "request ")));
        if (!parsed.text().equals(text)) {
            throw new IllegalArgumentException("the tombstone is not in its one spelling");
        }
        return parsed;
    }

    private static String value(String line, String name) {
        if (!line.startsWith(name)) {
            throw new IllegalArgumentException("expected " + name.strip() + ", found " + line);
        }
        return line.substring(name.length());
    }

    /** Says whether there is one for a log, good or not. */
    public static boolean isAt(LogDirectory log) {
        return Files.exists(log.tombstone(), LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * Reads that of a log; empty if there is none.
     *
     * @throws CorruptFileException if it is none of this vault and log: then nobody may act on it
     */
    public static Optional<Tombstone> read(LogDirectory log, LogId logId, Settings settings) throws IOException {
        byte[] bytes;
        if (!isAt(log)) {
            return Optional.empty();
        }
        if (!Files.isRegularFile(log.tombstone(), LinkOption.NOFOLLOW_LINKS)) {
            throw new CorruptFileException(log.tombstone(), 0, "expected a file");
        }
        try (InputStream in = Files.newInputStream(log.tombstone())) {
            bytes = in.readNBytes(BYTES_MAX + 1);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        try {
            if (bytes.length > BYTES_MAX) {
                throw new IllegalArgumentException("the file has at most " + BYTES_MAX + " bytes");
            }
            Tombstone found = parse(bytes, settings.keys());
            if (!found.vaultId.equals(settings.vaultId()) || !found.logId.equals(logId)) {
                throw new IllegalArgumentException("it is of log " + found.logId + " of vault " + found.vaultId);
            }
            return Optional.of(found);
        } catch (IllegalArgumentException e) {
            throw new CorruptFileException(log.tombstone(), 0, Json.firstLine(e));
        }
    }
}
