package dev.evidencevault.crypto.age;

import dev.evidencevault.crypto.file.PendingFile;
import dev.evidencevault.crypto.file.UnopenedFileException;
import dev.evidencevault.crypto.file.UnopenedFileException.Reason;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * Files encrypted to age recipients. The {@code age} program and others read them.
 *
 * <p>Encrypting hides a content, and shows the recipient when the file was damaged or cut. It does not say who encrypted it:
 * anybody can encrypt to a recipient. Signatures belong inside. Memory is bounded on both sides, whatever the size.
 */
public final class AgeFile {
    /** The most recipients of a file that is written here. */
    public static final int RECIPIENTS_MAX = 16;

    private static final String PASSPHRASE = "scrypt";

    private AgeFile() {}

    /**
     * Encrypts a file to one recipient or more, each of whom can open it alone.
     *
     * @param encrypted appears under its name only when it is whole
     * @param recipients 1 to 16, none twice
     * @param random where keys and nonces are taken from
     * @throws IllegalArgumentException if there are no or too many recipients
     * @throws FileAlreadyExistsException if {@code encrypted} exists
     * @throws IOException if the content cannot be read or the result cannot be written
     */
    public static void encrypt(Path content, Path encrypted, List<AgeRecipient> recipients, SecureRandom random)
            throws IOException {
        try (InputStream in = Files.newInputStream(content);
                PendingFile file = PendingFile.create(encrypted)) {
            encrypt(in, file.out(), recipients, random);
            file.commit();
        }
    }

    /** Encrypts a stream, to its end. Neither stream is closed. See {@link #encrypt(Path, Path, List, SecureRandom)}. */
    public static void encrypt(
            InputStream content, OutputStream out, List<AgeRecipient> recipients, SecureRandom random)
            throws IOException {
        if (recipients.isEmpty()
                || recipients.size() > RECIPIENTS_MAX
                || new HashSet<>(recipients).size() < recipients.size()) {
            throw new IllegalArgumentException("a file is encrypted to 1 to " + RECIPIENTS_MAX
                    + " different recipients, found " + recipients.size());
        }
        byte[] fileKey = new byte[AgeKeys.FILE_KEY_BYTES];
        random.nextBytes(fileKey);
        List<Stanza> stanzas = new ArrayList<>();
        for (AgeRecipient recipient : recipients) {
            stanzas.add(X25519Stanza.wrap(recipient, fileKey, random));
        }
        out.write(AgeHeader.of(stanzas, fileKey).bytes());
        Payload.encrypt(fileKey, content, out, random);
    }

    /**
     * Decrypts a file. What is decrypted goes to a file of another name beside {@code content}, readable to its owner only,
     * and gets its name when all of it is authentic; else it is deleted.
     *
     * @param identities keys of which one should fit; at least one
     * @throws UnopenedFileException if the file is not of this form, not for these keys, or was changed
     * @throws FileAlreadyExistsException if {@code content} exists
     * @throws IOException if the file cannot be read, or the content cannot be written
     */
    public static void decrypt(Path encrypted, Path content, List<AgeIdentity> identities) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(encrypted), Payload.CHUNK_BYTES);
                PendingFile file = PendingFile.create(content)) {
            decryptUnfinished(in, file.out(), identities);
            file.commit();
        }
    }

    /** Decrypts a stream; until this returns, what was written may be cut off. */
    static void decryptUnfinished(InputStream in, OutputStream content, List<AgeIdentity> identities)
            throws IOException {
        Payload.decrypt(fileKey(in, identities), in, content);
    }

    private static byte[] fileKey(InputStream in, List<AgeIdentity> identities) throws IOException {
        if (identities.isEmpty()) {
            throw new IllegalArgumentException("expected at least one identity, found none");
        }
        try {
            AgeHeader header = AgeHeader.read(in);
            byte[] fileKey = unwrap(header, identities)
                    .orElseThrow(() -> new UnopenedFileException(
                            Reason.NOT_FOR_THIS_KEY,
                            "expected a file encrypted to one of the identities, found one encrypted to others"));
            if (!header.isOf(fileKey)) {
                throw new UnopenedFileException(
                        Reason.CHANGED, "the header of the file was changed: its MAC is not that of its text");
            }
            return fileKey;
        } catch (IllegalArgumentException e) {
            UnopenedFileException malformed =
                    new UnopenedFileException(Reason.MALFORMED, String.valueOf(e.getMessage()));
            malformed.initCause(e);
            throw malformed;
        }
    }

    private static Optional<byte[]> unwrap(AgeHeader header, List<AgeIdentity> identities) {
        Optional<byte[]> fileKey = Optional.empty();
        for (Stanza stanza : header.stanzas()) {
            if (stanza.type().equals(PASSPHRASE) && header.stanzas().size() > 1) {
                throw new IllegalArgumentException("expected a passphrase alone in a header, found others beside it");
            }
            if (!stanza.type().equals(X25519Stanza.TYPE)) {
                continue;
            }
            for (AgeIdentity identity : identities) {
                Optional<byte[]> found = X25519Stanza.unwrap(stanza, identity);
                fileKey = fileKey.isPresent() ? fileKey : found;
            }
        }
        return fileKey;
    }
}
