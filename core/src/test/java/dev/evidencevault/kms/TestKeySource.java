package dev.evidencevault.kms;

import dev.evidencevault.crypto.keys.KeySource;
import dev.evidencevault.crypto.keys.KeySourceException;
import dev.evidencevault.crypto.keys.WrongKeyException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** A key management service in memory: one key, which can be away, or be taken away. Counts how often it is asked. */
public final class TestKeySource implements KeySource {
    /** How it answers. */
    public enum State {
        /** As it should. */
        THERE,
        /** Not at all. */
        AWAY,
        /** That the caller may not. */
        REVOKED
    }

    private static final int IV_BYTES = 12;

    private final String uri;
    private final AtomicInteger calls = new AtomicInteger();
    private volatile State state = State.THERE;
    private volatile byte[] key = new byte[32];

    /** Creates a service with a random key. */
    public TestKeySource(String uri) {
        this.uri = uri;
        replaceKey();
    }

    /** Says how it answers from now on. */
    public void set(State next) {
        state = next;
    }

    /** Puts another key in place of the one that there was. */
    public void replaceKey() {
        byte[] next = new byte[32];
        new SecureRandom().nextBytes(next);
        key = next;
    }

    /** Returns how often it was asked. */
    public int calls() {
        return calls.get();
    }

    @Override
    public String uri() {
        return uri;
    }

    @Override
    public byte[] wrap(byte[] plain, byte[] associatedData) throws KeySourceException {
        requireThere();
        byte[] iv = new byte[IV_BYTES];
        new SecureRandom().nextBytes(iv);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, iv, associatedData).doFinal(plain);
            byte[] wrapped = Arrays.copyOf(iv, IV_BYTES + sealed.length);
            System.arraycopy(sealed, 0, wrapped, IV_BYTES, sealed.length);
            return wrapped;
        } catch (GeneralSecurityException e) {
            throw new KeySourceException(uri + " does not wrap", e);
        }
    }

    @Override
    public byte[] unwrap(byte[] wrapped, byte[] associatedData) throws KeySourceException, WrongKeyException {
        requireThere();
        try {
            return cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(wrapped, IV_BYTES), associatedData)
                    .doFinal(wrapped, IV_BYTES, wrapped.length - IV_BYTES);
        } catch (GeneralSecurityException e) {
            throw new WrongKeyException(uri + " is not the key that wrapped it");
        }
    }

    private void requireThere() throws KeySourceException {
        calls.incrementAndGet();
        if (state != State.THERE) {
            throw new KeySourceException(
                    uri + (state == State.AWAY ? " cannot be reached" : " refuses: permission denied"));
        }
    }

    private Cipher cipher(int mode, byte[] iv, byte[] associatedData) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, iv));
        cipher.updateAAD(associatedData);
        return cipher;
    }
}
