package dev.evidencevault.crypto.age;

import dev.evidencevault.crypto.file.UnopenedFileException;
import dev.evidencevault.crypto.file.UnopenedFileException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.SecureRandom;
import javax.crypto.AEADBadTagException;

/**
 * What follows the header: 16 random bytes, and the content in chunks of 64 KiB, each encrypted and authenticated by itself
 * under a counter. The counter also says which chunk is the last; only that may be shorter, and it is empty only where the
 * content is.
 */
final class Payload {
    static final int CHUNK_BYTES = 1 << 16;

    private static final int SALT_BYTES = 16;
    private static final String INFO = "payload";

    private Payload() {}

    static void encrypt(byte[] fileKey, InputStream content, OutputStream out, SecureRandom random) throws IOException {
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        out.write(salt);
        byte[] key = AgeKeys.derive(fileKey, salt, INFO);
        byte[] chunk = content.readNBytes(CHUNK_BYTES);
        for (long number = 0; ; number++) {
            byte[] next = chunk.length < CHUNK_BYTES ? new byte[0] : content.readNBytes(CHUNK_BYTES);
            boolean last = next.length == 0;
            out.write(AgeKeys.encrypt(key, nonce(number, last), chunk, chunk.length));
            if (last) {
                return;
            }
            chunk = next;
        }
    }

    /** Decrypts to the end of the stream. What is written before it fails is authentic, but not all of the content. */
    static void decrypt(byte[] fileKey, InputStream in, OutputStream content) throws IOException {
        byte[] salt = in.readNBytes(SALT_BYTES);
        if (salt.length < SALT_BYTES) {
            throw new UnopenedFileException(Reason.MALFORMED, "the file ends after its header: it is cut off");
        }
        byte[] key = AgeKeys.derive(fileKey, salt, INFO);
        int chunkMax = CHUNK_BYTES + AgeKeys.TAG_BYTES;
        byte[] chunk = in.readNBytes(chunkMax);
        for (long number = 0; ; number++) {
            byte[] next = chunk.length < chunkMax ? new byte[0] : in.readNBytes(chunkMax);
            boolean last = next.length == 0;
            byte[] part = decrypt(key, number, last, chunk);
            if (part.length == 0 && number > 0) {
                throw new UnopenedFileException(
                        Reason.MALFORMED, "the last chunk of the file is empty, though others are before it");
            }
            content.write(part);
            if (last) {
                return;
            }
            chunk = next;
        }
    }

    private static byte[] decrypt(byte[] key, long number, boolean last, byte[] chunk) throws UnopenedFileException {
        try {
            return AgeKeys.decrypt(key, nonce(number, last), chunk, chunk.length);
        } catch (AEADBadTagException e) {
            UnopenedFileException changed = new UnopenedFileException(
                    Reason.CHANGED,
                    "chunk " + number + " of the file is not authentic: the file was changed or cut off");
            changed.initCause(e);
            throw changed;
        }
    }

    /** Eleven bytes of counter, big-endian, and whether it is the last. */
    private static byte[] nonce(long number, boolean last) {
        byte[] nonce = new byte[AgeKeys.NONCE_BYTES];
        for (int i = 0; i < Long.BYTES; i++) {
            nonce[AgeKeys.NONCE_BYTES - 2 - i] = (byte) (number >>> 8 * i);
        }
        nonce[AgeKeys.NONCE_BYTES - 1] = (byte) (last ? 1 : 0);
        return nonce;
    }
}
