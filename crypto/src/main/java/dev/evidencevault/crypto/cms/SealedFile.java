package dev.evidencevault.crypto.cms;

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
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.modes.GCMBlockCipher;
import org.bouncycastle.crypto.modes.GCMModeCipher;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;

/**
 * Files that only the holders of certain certificates can read: CMS AuthEnvelopedData (RFC 5083) by AES-256-GCM (RFC 5084),
 * the key wrapped by RSAES-OAEP or ECDH. {@code openssl cms -decrypt -binary -inform DER} of OpenSSL 3.0 reads them up to 2
 * GiB: it holds a file in memory.
 *
 * <p>Sealing hides a content, and shows the recipient when the sealed file was damaged. It does not say who sealed it:
 * anybody can seal to a certificate. Signatures belong inside. Memory is bounded on both sides, whatever the size.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5084">RFC 5084</a>
 */
public final class SealedFile {
    /** The most bytes of a content: far below the 64 GiB of one key and nonce (NIST SP 800-38D section 5.2.1.1). */
    public static final long CONTENT_BYTES_MAX = 1L << 35;

    private static final int KEY_BYTES = 32;
    private static final int BUFFER_BYTES = 1 << 16;

    private SealedFile() {}

    /**
     * Seals a file to one recipient or more, each of whom can open it alone.
     *
     * @param sealed appears under its name only when it is whole
     * @param recipients 1 to 16, no certificate twice
     * @param random where keys and nonce are taken from
     * @throws IllegalArgumentException if there are no or too many recipients, or the content is too long
     * @throws FileAlreadyExistsException if {@code sealed} exists
     * @throws IOException if the content cannot be read, or changes its length meanwhile, or the result cannot be written
     */
    public static void seal(Path content, Path sealed, List<RecipientCertificate> recipients, SecureRandom random)
            throws IOException {
        Set<Fingerprint> different = new HashSet<>();
        recipients.forEach(recipient -> different.add(recipient.fingerprint()));
        if (recipients.isEmpty()
                || recipients.size() > RecipientKeys.RECIPIENTS_MAX
                || different.size() < recipients.size()) {
            throw new IllegalArgumentException("a file is sealed to 1 to " + RecipientKeys.RECIPIENTS_MAX
                    + " different certificates, found " + recipients.size());
        }
        long bytes = Files.size(content);
        if (bytes > CONTENT_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "a file to be sealed has at most " + CONTENT_BYTES_MAX + " bytes, found " + bytes);
        }
        byte[] key = new byte[KEY_BYTES];
        byte[] nonce = new byte[SealedHeader.NONCE_BYTES];
        random.nextBytes(key);
        random.nextBytes(nonce);
        try (InputStream in = Files.newInputStream(content);
                PendingFile file = PendingFile.create(sealed)) {
            OutputStream out = file.out();
            out.write(new SealedHeader(RecipientKeys.wrap(recipients, key, random), nonce, bytes).format());
            GCMModeCipher cipher = cipher(true, key, nonce);
            if (transfer(in, Long.MAX_VALUE, cipher, out) != bytes) {
                throw new IOException(content + ": the file changed while it was sealed");
            }
            byte[] rest = new byte[cipher.getOutputSize(0)];
            int restBytes = doFinal(cipher, rest);
            out.write(rest, 0, restBytes - SealedHeader.TAG_BYTES);
            out.write(SealedHeader.trailer(cipher.getMac()));
            file.commit();
        } catch (GeneralSecurityException e) {
            throw new IOException("the key of the file cannot be wrapped: " + e.getMessage(), e);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    /**
     * Opens a sealed file. What is decrypted goes to a file of another name beside {@code content}, readable to its owner
     * only, and gets its name when all of it is authentic; else it is deleted.
     *
     * @param key whose certificate it was sealed to. It need not be valid any more
     * @throws UnopenedFileException if the file is not of this form, not for this key, or was changed
     * @throws FileAlreadyExistsException if {@code content} exists
     * @throws IOException if the file cannot be read, or the content cannot be written
     */
    public static void open(Path sealed, Path content, CertifiedKey key) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(sealed), BUFFER_BYTES);
                PendingFile file = PendingFile.create(content)) {
            SealedHeader header = SealedHeader.read(in);
            byte[] contentKey = RecipientKeys.unwrap(header.recipients(), key);
            if (contentKey.length != KEY_BYTES) {
                throw new UnopenedFileException(
                        Reason.MALFORMED,
                        "expected a key of " + KEY_BYTES + " bytes, found one of " + contentKey.length);
            }
            GCMModeCipher cipher = cipher(false, contentKey, header.nonce());
            Arrays.fill(contentKey, (byte) 0);
            if (transfer(in, header.contentBytes(), cipher, file.out()) != header.contentBytes()) {
                throw new UnopenedFileException(Reason.MALFORMED, "the file ends inside its content: it is cut off");
            }
            byte[] tag = tag(in);
            byte[] rest = new byte[cipher.getUpdateOutputSize(tag.length) + cipher.getOutputSize(tag.length)];
            int restBytes = cipher.processBytes(tag, 0, tag.length, rest, 0);
            restBytes += finish(cipher, rest, restBytes);
            file.out().write(rest, 0, restBytes);
            file.commit();
        }
    }

    /** Reads the end of the file, which is the tag alone. */
    private static byte[] tag(InputStream in) throws IOException {
        byte[] trailer = in.readNBytes(SealedHeader.TRAILER_BYTES + 1);
        if (trailer.length == SealedHeader.TRAILER_BYTES) {
            byte[] tag = Arrays.copyOfRange(trailer, trailer.length - SealedHeader.TAG_BYTES, trailer.length);
            if (Arrays.equals(trailer, SealedHeader.trailer(tag))) {
                return tag;
            }
        }
        throw new UnopenedFileException(
                Reason.MALFORMED, "expected a tag of 16 bytes after the content, and nothing after it");
    }

    private static int finish(GCMModeCipher cipher, byte[] rest, int offset) throws UnopenedFileException {
        try {
            return cipher.doFinal(rest, offset);
        } catch (InvalidCipherTextException e) {
            UnopenedFileException changed = new UnopenedFileException(
                    Reason.CHANGED, "the file was changed after it was sealed: its tag is not that of its content");
            changed.initCause(e);
            throw changed;
        }
    }

    private static int doFinal(GCMModeCipher cipher, byte[] rest) {
        try {
            return cipher.doFinal(rest, 0);
        } catch (InvalidCipherTextException e) {
            throw new AssertionError("encryption checks no tag", e);
        }
    }

    /** The platform's own GCM keeps all of what it decrypts in memory, and stops at 2 GiB. */
    private static GCMModeCipher cipher(boolean forEncryption, byte[] key, byte[] nonce) {
        GCMModeCipher cipher = GCMBlockCipher.newInstance(AESEngine.newInstance());
        cipher.init(forEncryption, new AEADParameters(new KeyParameter(key), 8 * SealedHeader.TAG_BYTES, nonce));
        return cipher;
    }

    /** Runs up to {@code count} bytes through the cipher; returns how many there were. */
    private static long transfer(InputStream in, long count, GCMModeCipher cipher, OutputStream out)
            throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        byte[] result = new byte[BUFFER_BYTES + 2 * SealedHeader.TAG_BYTES];
        long done = 0;
        while (done < count) {
            int read = in.read(buffer, 0, (int) Math.min(buffer.length, count - done));
            if (read < 0) {
                break;
            }
            out.write(result, 0, cipher.processBytes(buffer, 0, read, result, 0));
            done += read;
        }
        return done;
    }
}
