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
    private final Aead aead;

    private KeyEncryption(Aead aead) {
        this.aead = aead;
    }

    /**
     * Derives the key from a secret.
     *
     * @throws WrongKeyException if the secret is not of the kind that the derivation takes; whether it is the right one
     *     shows only when something is unwrapped
     * @throws KeySourceException if the source of keys cannot be reached or refuses
     */
    @AccessesPartialKey
    public static KeyEncryption derive(KeyDerivation derivation, VaultSecret secret)
            throws WrongKeyException, KeySourceException {
        byte[] key = derivation.derive(secret);
        try {
            AesGcmKey aesGcm = AesGcmKey.builder()
                    .setParameters(AesGcmParameters.builder()
                            .setKeySizeBytes(32)
                            .setIvSizeBytes(12)
                            .setTagSizeBytes(16)
                            .setVariant(AesGcmParameters.Variant.NO_PREFIX)
                            .build())
                    .setKeyBytes(SecretBytes.copyFrom(key, InsecureSecretKeyAccess.get()))
                    .build();
            KeysetHandle handle = KeysetHandle.newBuilder()
                    .addEntry(KeysetHandle.importKey(aesGcm).withRandomId().makePrimary())
                    .build();
            return new KeyEncryption(handle.getPrimitive(TinkRegistry.configuration(), Aead.class));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-256-GCM is not to be had", e);
        }
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
