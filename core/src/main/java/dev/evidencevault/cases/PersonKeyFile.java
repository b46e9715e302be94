package dev.evidencevault.cases;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.crypto.keys.KeyDerivation;
import dev.evidencevault.crypto.keys.KeyEncryption;
import dev.evidencevault.crypto.keys.PersonKeys;
import dev.evidencevault.crypto.keys.VaultSecret;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.crypto.note.NoteVerifier;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.Json;
import dev.evidencevault.storage.LocalStorage;
import dev.evidencevault.storage.Storage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Base64;
import java.util.Set;

/**
 * The file with a person's key, wrapped under a passphrase of the person's own (Argon2id). Format:
 * {@code docs/formats/case.md}.
 */
public final class PersonKeyFile {
    /** The largest file, in bytes. */
    public static final int BYTES_MAX = 64 << 10;

    private static final String FORMAT = "evidence-vault-person-key/1";

    private PersonKeyFile() {}

    /**
     * Makes a key and the file for it, which only its owner can read.
     *
     * @param id the person's id
     * @param memoryKib memory for Argon2id in KiB
     * @return the public key
     * @throws FileAlreadyExistsException if there is a file of that name
     */
    public static PersonKey create(Path file, String id, VaultSecret passphrase, int memoryKib)
            throws IOException, WrongKeyException {
        KeyDerivation.Argon2id derivation = KeyDerivation.Argon2id.withMemory(memoryKib);
        PersonKeys keys = PersonKeys.generate(id);
        NoteVerifier verifier = keys.signer().verifier();
        byte[] content = format(verifier, derivation, keys.wrap(KeyEncryption.derive(derivation, passphrase)));
        if (Files.exists(file)) {
            throw new FileAlreadyExistsException(file.toString(), null, "a key is never overwritten");
        }
        Storage storage = new LocalStorage();
        storage.replace(file, content);
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
        return new PersonKey.Ed25519(verifier);
    }

    private static byte[] format(NoteVerifier verifier, KeyDerivation.Argon2id derivation, byte[] wrapped) {
        ObjectNode json = Json.object();
        json.put("format", FORMAT)
                .put("key", verifier.format())
                .put("kdf", "argon2id")
                .put("memoryKib", derivation.memoryKib())
                .put("iterations", derivation.iterations())
                .put("lanes", derivation.lanes())
                .put("salt", derivation.saltHex())
                .put("wrapped", Base64.getEncoder().encodeToString(wrapped));
        return Json.bytes(json);
    }

    /**
     * Opens the key in a file.
     *
     * @throws CorruptFileException if the file is none, or damaged
     * @throws WrongKeyException if the passphrase is another
     */
    public static PersonSigner open(Path file, VaultSecret passphrase) throws IOException, WrongKeyException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(BYTES_MAX + 1);
        }
        if (bytes.length > BYTES_MAX) {
            throw new CorruptFileException(file, BYTES_MAX, "the file has at most 64 KiB");
        }
        try {
            ObjectNode json = Json.parseObject(bytes, "the key");
            Json.requireOnly(
                    json,
                    Set.of("format", "key", "kdf", "memoryKib", "iterations", "lanes", "salt", "wrapped"),
                    "the key");
            if (!Json.text(json, "format").equals(FORMAT)) {
                throw new IllegalArgumentException("expected the format " + FORMAT + ", found " + json.path("format"));
            }
            NoteVerifier verifier = NoteVerifier.parse(Json.text(json, "key"));
            KeyDerivation.Argon2id derivation = new KeyDerivation.Argon2id(
                    Json.int32(json, "memoryKib"),
                    Json.int32(json, "iterations"),
                    Json.int32(json, "lanes"),
                    Json.text(json, "salt"));
            byte[] wrapped = Base64.getDecoder().decode(Json.text(json, "wrapped"));
            if (!Arrays.equals(format(verifier, derivation, wrapped), bytes)) {
                throw new IllegalArgumentException("the file is not spelled as it was written");
            }
            PersonKeys keys = PersonKeys.unwrap(verifier.name(), wrapped, KeyEncryption.derive(derivation, passphrase));
            if (!keys.signer().verifier().equals(verifier)) {
                throw new IllegalArgumentException("the public key is not that of the private key");
            }
            return PersonSigner.of(keys.signer());
        } catch (IllegalArgumentException e) {
            throw new CorruptFileException(file, 0, Json.firstLine(e));
        }
    }
}
