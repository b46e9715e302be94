package dev.evidencevault.deposit;

import dev.evidencevault.crypto.aead.DataKey;
import dev.evidencevault.crypto.aead.FileCipher;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Makes the Java platform compile AES-GCM, which is slow until then. The platform counts calls and not bytes: given messages of a mebibyte from its start on, it
 * goes on interpreting for hundreds of them, at a fiftieth of the speed (34 instead of 2,000 MiB/s on Java 25). Some thousand
 * short messages, which take a third of a second, once in a process, spare that. Safe for use by several threads.
 */
final class WarmCipher {
    private static final int MESSAGES = 6_000;
    private static final int MESSAGE_BYTES = 1 << 10;
    private static final int KEY_BYTES = 64;

    private static final AtomicBoolean SEALING = new AtomicBoolean();
    private static final AtomicBoolean OPENING = new AtomicBoolean();

    private WarmCipher() {}

    /** Prepares for encrypting. */
    static void forSealing(FileCipher cipher) {
        if (cipher == FileCipher.AES_256_GCM && !SEALING.getAndSet(true)) {
            DataKey key = new DataKey(cipher, new byte[KEY_BYTES]);
            byte[] message = new byte[MESSAGE_BYTES];
            byte[] sealed = new byte[MESSAGE_BYTES + DataKey.OVERHEAD_BYTES];
            for (int i = 0; i < MESSAGES; i++) {
                key.seal(message, message.length, message, sealed, 0);
            }
        }
    }

    /** Prepares for decrypting. */
    static void forOpening(FileCipher cipher) {
        if (cipher == FileCipher.AES_256_GCM && !OPENING.getAndSet(true)) {
            DataKey key = new DataKey(cipher, new byte[KEY_BYTES]);
            byte[] message = new byte[MESSAGE_BYTES];
            byte[] sealed = key.seal(message, message);
            try {
                for (int i = 0; i < MESSAGES; i++) {
                    if (!Arrays.equals(message, key.open(0, sealed, message))) {
                        throw new IllegalStateException("AES-GCM does not decrypt what it encrypted");
                    }
                }
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("AES-GCM does not decrypt what it encrypted", e);
            }
        }
    }
}
