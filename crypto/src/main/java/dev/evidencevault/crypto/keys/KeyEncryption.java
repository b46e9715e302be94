package dev.evidencevault.crypto.keys;

import com.google.crypto.tink.AccessesPartialKey;
import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkProtoKeysetFormat;
import com.google.crypto.tink.aead.AesGcmKey;
import com.google.crypto.tink.aead.AesGcmParameters;
import com.google.crypto.tink.util.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;

/**
 * The key-encryption key: wraps Tink keysets with AES-256-GCM.
 *
 * <p>What is wrapped is bound to a purpose (format, owner and use) as associated data, so that a wrapped keyset put in
 * another's place does not open. Safe for use by several threads.
 */
public final class KeyEncryption {
    /** Without a prefix: a keyset of these tries each of its keys. */
    private static final AesGcmParameters PARAMETERS = parameters();

    private static AesGcmParameters parameters() {
        try {
            return AesGcmParameters.builder()
                    .setKeySizeBytes(32)
                    .setIvSizeBytes(12)
                    .setTagSizeBytes(16)
                    .setVariant(AesGcmParameters.Variant.NO_PREFIX)
                    .build();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-256-GCM is not to be had", e);
        }
    }

    private final KeysetHandle keys;
    private final Aead aead;

    private KeyEncryption(KeysetHandle keys) {
        this.keys = keys;
        try {
            this.aead = keys.getPrimitive(TinkRegistry.configuration(), Aead.class);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the key-encryption key does not encrypt", e);
        }
    }

    /** Generates a key. */
    public static KeyEncryption generate() {
        return new KeyEncryption(DerivedKeys.newKeyset(PARAMETERS));
    }

    /**
     * Derives the key from a secret.
     *
     * @throws WrongKeyException if the secret is not of the kind that the derivation takes; whether it is the right one
     *     shows only when something is unwrapped
     * @throws KeySourceException if the source of keys cannot be reached or refuses
     */
    public static KeyEncryption derive(KeyDerivation derivation, VaultSecret secret)
            throws WrongKeyException, KeySourceException {
        return of(derivation.derive(secret.ofVault()));
    }

    /**
     * Opens a tenant's own key.
     *
     * @param purpose what it was wrapped for
     * @throws WrongKeyException if the source has another name, or it was not wrapped under its key for this purpose
     * @throws KeySourceException if the source cannot be reached or refuses
     */
    public static KeyEncryption unwrap(WrappedKey key, KeySource source, String purpose)
            throws WrongKeyException, KeySourceException {
        return of(key.unwrap(source, purpose));
    }

    @AccessesPartialKey
    private static KeyEncryption of(byte[] key) {
        try {
            AesGcmKey aesGcm = AesGcmKey.builder()
                    .setParameters(PARAMETERS)
                    .setKeyBytes(SecretBytes.copyFrom(key, InsecureSecretKeyAccess.get()))
                    .build();
            return new KeyEncryption(KeysetHandle.newBuilder()
                    .addEntry(KeysetHandle.importKey(aesGcm).withRandomId().makePrimary())
                    .build());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-256-GCM is not to be had", e);
        }
    }

    /**
     * Returns this key and a newer one, which wraps from now on; both unwrap.
     *
     * @throws IllegalStateException if there are as many as there can be
     */
    public KeyEncryption renewed() {
        if (keys.size() >= DerivedKeys.KEYS_MAX) {
            throw new IllegalStateException("a keyset has at most " + DerivedKeys.KEYS_MAX + " keys");
        }
        return new KeyEncryption(DerivedKeys.withNewest(keys, PARAMETERS));
    }

    /** Returns how many keys unwrap. */
    public int size() {
        return keys.size();
    }

    /** Wraps this key under another one, for a purpose. */
    public byte[] wrapUnder(KeyEncryption outer, String purpose) {
        return outer.wrap(keys, purpose);
    }

    /**
     * Unwraps a key that is wrapped under this one.
     *
     * @throws WrongKeyException if it is not, or was wrapped for another purpose
     */
    public KeyEncryption unwrapKey(byte[] wrapped, String purpose) throws WrongKeyException {
        return new KeyEncryption(unwrap(wrapped, purpose));
    }

    byte[] wrap(KeysetHandle keyset, String purpose) {
        try {
            return TinkProtoKeysetFormat.serializeEncryptedKeyset(
                    keyset, aead, purpose.getBytes(StandardCharsets.UTF_8), TinkRegistry.configuration());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the keyset does not wrap", e);
        }
    }

    KeysetHandle unwrap(byte[] wrapped, String purpose) throws WrongKeyException {
        try {
            return TinkProtoKeysetFormat.parseEncryptedKeyset(
                    wrapped, aead, purpose.getBytes(StandardCharsets.UTF_8), TinkRegistry.configuration());
        } catch (GeneralSecurityException e) {
            throw new WrongKeyException(
                    "the key does not open the keyset \"" + purpose + "\": wrong passphrase or key file");
        }
    }
}
