package dev.evidencevault.crypto.age;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.params.HKDFParameters;

/** The three functions that the format is made of. */
final class AgeKeys {
    static final int FILE_KEY_BYTES = 16;
    static final int TAG_BYTES = 16;
    static final int NONCE_BYTES = 12;

    private static final int DERIVED_BYTES = 32;

    private AgeKeys() {}

    /** HKDF-SHA-256 (RFC 5869), 32 bytes. */
    static byte[] derive(byte[] secret, byte[] salt, String info) {
        HKDFBytesGenerator derivation = new HKDFBytesGenerator(new SHA256Digest());
        derivation.init(new HKDFParameters(secret, salt, info.getBytes(StandardCharsets.US_ASCII)));
        byte[] key = new byte[DERIVED_BYTES];
        derivation.generateBytes(key, 0, key.length);
        return key;
    }

    /** HMAC-SHA-256 (RFC 2104) over a header, from its first byte through {@code ---}. */
    static byte[] headerMac(byte[] fileKey, byte[] header) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(derive(fileKey, new byte[0], "header"), "HmacSHA256"));
            return mac.doFinal(header);
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every Java platform has HmacSHA256", e);
        }
    }

    /** Encrypts by ChaCha20-Poly1305 (RFC 8439) under a key that is used with this nonce once. */
    static byte[] encrypt(byte[] key, byte[] nonce, byte[] bytes, int count) {
        try {
            return cipher(Cipher.ENCRYPT_MODE, key, nonce).doFinal(bytes, 0, count);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the platform does not encrypt by ChaCha20-Poly1305", e);
        }
    }

    /**
     * Decrypts what {@link #encrypt} encrypted.
     *
     * @throws AEADBadTagException if it is not authentic
     */
    static byte[] decrypt(byte[] key, byte[] nonce, byte[] bytes, int count) throws AEADBadTagException {
        if (count < TAG_BYTES) {
            throw new AEADBadTagException("expected " + TAG_BYTES + " bytes or more, found " + count);
        }
        try {
            return cipher(Cipher.DECRYPT_MODE, key, nonce).doFinal(bytes, 0, count);
        } catch (AEADBadTagException e) {
            throw e;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the platform does not decrypt by ChaCha20-Poly1305", e);
        }
    }

    private static Cipher cipher(int mode, byte[] key, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("ChaCha20-Poly1305");
        cipher.init(mode, new SecretKeySpec(key, "ChaCha20"), new IvParameterSpec(nonce));
        return cipher;
    }
}
