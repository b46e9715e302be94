package dev.evidencevault.crypto.aead;

import dev.evidencevault.crypto.merkle.Digest;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/**
 * The key of one file: a {@link FileCipher} with counted nonces, and a commitment to the key.
 *
 * <p>Derived together with its commitment from 64 bytes of a pseudo-random function over the file's random salt: whoever
 * wants another key for the same file has to find a second input with the same 32-byte commitment. A key encrypts in one
 * process life only; later lives open what it wrote and write elsewhere. Not safe for use by several threads at once.
 */
public final class DataKey {
    /** How many bytes sealing adds to a plaintext. */
    public static final int OVERHEAD_BYTES = 16;

    /** Length of a nonce in bytes. */
    public static final int NONCE_BYTES = 12;

    private final FileCipher algorithm;
    private final SecretKeySpec key;
    private final Digest commitment;
    private final Cipher cipher;
    private long nextNonce;

    /** Creates the key from 64 pseudo-random bytes: 32 of key, 32 of commitment. */
    public DataKey(FileCipher algorithm, byte[] derived) {
        if (derived.length != 64) {
            throw new IllegalArgumentException("expected 64 derived bytes, found " + derived.length);
        }
        this.algorithm = algorithm;
        this.key = new SecretKeySpec(derived, 0, 32, algorithm.keyAlgorithm());
        this.commitment = Digest.of(Arrays.copyOfRange(derived, 32, 64));
        this.cipher = algorithm.cipher();
    }

    /** Returns the cipher. */
    public FileCipher cipher() {
        return algorithm;
    }

    /** Returns the commitment, which is public and stands in the file. */
    public Digest commitment() {
        return commitment;
    }

    /** Encrypts a plaintext under the next nonce: 0, 1, 2 and so on. */
    public byte[] seal(byte[] plaintext, byte[] associatedData) {
        return sealAt(nextNonce, plaintext, associatedData);
    }

    /**
     * Encrypts a plaintext under a nonce that is higher than all before, for files in which several keys share one count.
     *
     * @throws IllegalArgumentException if the nonce is not higher: it may have been used
     */
    public byte[] sealAt(long nonce, byte[] plaintext, byte[] associatedData) {
        byte[] target = new byte[plaintext.length + OVERHEAD_BYTES];
        sealAt(nonce, plaintext, plaintext.length, associatedData, target, 0);
        return target;
    }

    /**
     * Encrypts the first bytes of an array under the next nonce into another.
     *
     * @return how many bytes were written: {@code length} and {@link #OVERHEAD_BYTES}
     */
    public int seal(byte[] plaintext, int length, byte[] associatedData, byte[] target, int offset) {
        return sealAt(nextNonce, plaintext, length, associatedData, target, offset);
    }

    private int sealAt(long nonce, byte[] plaintext, int length, byte[] associatedData, byte[] target, int offset) {
        if (nonce < nextNonce) {
            throw new IllegalArgumentException("expected a nonce from " + nextNonce + " on, found " + nonce);
        }
        nextNonce = nonce + 1;
        try {
            cipher.init(Cipher.ENCRYPT_MODE, key, algorithm.parameters(nonce(nonce)));
            cipher.updateAAD(associatedData);
            return cipher.doFinal(plaintext, 0, length, target, offset);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(algorithm + " does not encrypt", e);
        }
    }

    /**
     * Encrypts what is left in a buffer, under a nonce of the caller's, into an array.
     *
     * @param nonce 12 bytes that were never used with this key; the caller answers for that
     * @param plaintext has an array, which is not {@code target}; not changed
     * @param target where the ciphertext and its tag go
     * @param offset from where on
     * @return how many bytes were written: those of the plaintext and {@link #OVERHEAD_BYTES}
     */
    public int sealAt(byte[] nonce, byte[] associatedData, ByteBuffer plaintext, byte[] target, int offset) {
        try {
            cipher.init(Cipher.ENCRYPT_MODE, key, algorithm.parameters(nonce));
            cipher.updateAAD(associatedData);
            return cipher.doFinal(
                    plaintext.array(),
                    plaintext.arrayOffset() + plaintext.position(),
                    plaintext.remaining(),
                    target,
                    offset);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(algorithm + " does not encrypt", e);
        }
    }

    /**
     * Decrypts a part of an array that was sealed under this nonce.
     *
     * @throws GeneralSecurityException if the ciphertext, the associated data or the nonce is not the one that was sealed
     *     with this key
     */
    public byte[] openAt(byte[] nonce, byte[] associatedData, byte[] source, int offset, int length)
            throws GeneralSecurityException {
        cipher.init(Cipher.DECRYPT_MODE, key, algorithm.parameters(nonce));
        cipher.updateAAD(associatedData);
        return cipher.doFinal(source, offset, length);
    }

    /**
     * Decrypts what was sealed under this nonce.
     *
     * @throws GeneralSecurityException if the ciphertext, the associated data or the nonce is not the one that was
     *     sealed with this key
     */
    public byte[] open(long nonce, byte[] ciphertext, byte[] associatedData) throws GeneralSecurityException {
        cipher.init(Cipher.DECRYPT_MODE, key, algorithm.parameters(nonce(nonce)));
        cipher.updateAAD(associatedData);
        return cipher.doFinal(ciphertext);
    }

    private static byte[] nonce(long counter) {
        return ByteBuffer.allocate(NONCE_BYTES).putInt(0).putLong(counter).array();
    }
}
