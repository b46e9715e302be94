package dev.evidencevault.kms;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** The key that a server in a test keeps. */
final class ServerKey {
    private static final int IV_BYTES = 12;

    private final byte[] key = new byte[32];
    private final SecureRandom random = new SecureRandom();

    ServerKey() {
        random.nextBytes(key);
    }

    byte[] encrypt(byte[] plain, byte[] associatedData) {
        byte[] iv = new byte[IV_BYTES];
        random.nextBytes(iv);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, iv, associatedData).doFinal(plain);
            byte[] both = Arrays.copyOf(iv, IV_BYTES + sealed.length);
            System.arraycopy(sealed, 0, both, IV_BYTES, sealed.length);
            return both;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    byte[] decrypt(byte[] both, byte[] associatedData) throws GeneralSecurityException {
        if (both.length < IV_BYTES) {
            throw new GeneralSecurityException("too short");
        }
        return cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(both, IV_BYTES), associatedData)
                .doFinal(both, IV_BYTES, both.length - IV_BYTES);
    }

    private Cipher cipher(int mode, byte[] iv, byte[] associatedData) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, iv));
        cipher.updateAAD(associatedData);
        return cipher;
    }
}
