package dev.evidencevault.crypto.keys;

import com.google.crypto.tink.Aead;
import java.security.GeneralSecurityException;

/**
 * A key that never leaves where it is kept, a key management service or a token, and under which the key of a vault's secret, or a
 * tenant's own, is wrapped. Implementations are safe for use by several threads.
 *
 * <p>It is asked once when a vault, or the log of a tenant that brings it, is created, and once each time that the one or the other is opened, never
 * while events are written: an outage stops nothing that runs, and opens nothing new.
 */
public interface KeySource {
    /**
     * Returns the name of the key, 1 to 1,024 characters, without credentials: it stands in the vault in the clear, and a vault is opened by the
     * source of the same name only.
     */
    String uri();

    /**
     * Wraps a key, bound to what it is for.
     *
     * @param key 32 bytes
     * @param associatedData what has to be given again to unwrap it
     * @return at most {@link WrappedKey#BYTES_MAX} bytes
     * @throws KeySourceException if the source cannot be reached or refuses
     */
    byte[] wrap(byte[] key, byte[] associatedData) throws KeySourceException;

    /**
     * Unwraps a key.
     *
     * @throws WrongKeyException if it was not wrapped under this key for this purpose
     * @throws KeySourceException if the source cannot be reached or refuses
     */
    byte[] unwrap(byte[] wrapped, byte[] associatedData) throws KeySourceException, WrongKeyException;

    /**
     * Returns the key behind an AEAD of Tink, as the {@code KmsClient} of a key management service gives it.
     *
     * @param uri the key's name with that client, as {@code aws-kms://arn:aws:kms:…} or {@code gcp-kms://projects/…}
     */
    static KeySource of(String uri, Aead aead) {
        return new KeySource() {
            @Override
            public String uri() {
                return uri;
            }

            @Override
            public byte[] wrap(byte[] key, byte[] associatedData) throws KeySourceException {
                try {
                    return aead.encrypt(key, associatedData);
                } catch (GeneralSecurityException | RuntimeException e) {
                    throw new KeySourceException(uri + " does not wrap a key: " + e.getMessage(), e);
                }
            }

            @Override
            public byte[] unwrap(byte[] wrapped, byte[] associatedData) throws KeySourceException {
                try {
                    return aead.decrypt(wrapped, associatedData);
                } catch (GeneralSecurityException | RuntimeException e) {
                    // Tink's clients say nothing of why: a refusal, an outage and a wrong key look alike.
                    throw new KeySourceException(uri + " does not unwrap the key: " + e.getMessage(), e);
                }
            }
        };
    }
}
