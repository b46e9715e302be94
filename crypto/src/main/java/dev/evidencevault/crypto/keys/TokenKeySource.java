package dev.evidencevault.crypto.keys;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.Provider;
import java.security.ProviderException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;

/**
 * An AES key in a token (PKCS #11, OASIS), used through the platform's provider SunPKCS11. Safe for use by several threads.
 *
 * <p>A wrapped key is the byte 1, a random IV of 12 bytes and what AES-GCM gives, with a tag of 16 bytes: the wrapping
 * mechanisms of tokens take no associated data.
 */
public final class TokenKeySource implements KeySource {
    private static final byte VERSION = 1;
    private static final int IV_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final int BYTES_MIN = 1 + IV_BYTES + TAG_BITS / 8;

    private final String uri;
    private final Provider provider;
    private final Key key;

    private TokenKeySource(String uri, Provider provider, Key key) {
        this.uri = uri;
        this.provider = provider;
        this.key = key;
    }

    /**
     * Opens a key of a token; the session stays open until this process ends.
     *
     * @param configuration a file as the platform's provider SunPKCS11 reads it, with the token's library and slot
     * @param pin the PIN of the token's user; not kept
     * @param label the key's label
     * @throws WrongKeyException if the PIN is wrong
     * @throws KeySourceException if the token, or the key in it, is not there
     * @throws java.nio.file.NoSuchFileException if there is no such configuration
     */
    public static TokenKeySource open(Path configuration, char[] pin, String label)
            throws IOException, WrongKeyException {
        KeyStore store = Tokens.open(configuration, pin);
        Key key;
        try {
            key = store.getKey(label, null);
        } catch (GeneralSecurityException | ProviderException e) {
            throw new KeySourceException("the token of " + configuration + " gives no key: " + e.getMessage(), e);
        }
        if (key == null || !key.getAlgorithm().equals("AES")) {
            throw new KeySourceException("expected an AES key with the label \"" + label + "\" in the token of "
                    + configuration + ", found " + (key == null ? "none" : key.getAlgorithm()));
        }
        // RFC 7512 section 2.3: the label is percent-encoded.
        String encoded = URLEncoder.encode(label, StandardCharsets.UTF_8).replace("+", "%20");
        return new TokenKeySource("pkcs11:object=" + encoded + ";type=secret-key", store.getProvider(), key);
    }

    @Override
    public String uri() {
        return uri;
    }

    @Override
    public byte[] wrap(byte[] plain, byte[] associatedData) throws KeySourceException {
        byte[] iv = new byte[IV_BYTES];
        new SecureRandom().nextBytes(iv);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, iv, associatedData).doFinal(plain);
            byte[] wrapped = new byte[1 + IV_BYTES + sealed.length];
            wrapped[0] = VERSION;
            System.arraycopy(iv, 0, wrapped, 1, IV_BYTES);
            System.arraycopy(sealed, 0, wrapped, 1 + IV_BYTES, sealed.length);
            return wrapped;
        } catch (GeneralSecurityException | ProviderException e) {
            throw new KeySourceException(uri + " does not wrap a key: " + e.getMessage(), e);
        }
    }

    @Override
    public byte[] unwrap(byte[] wrapped, byte[] associatedData) throws KeySourceException, WrongKeyException {
        if (wrapped.length < BYTES_MIN || wrapped[0] != VERSION) {
            throw new WrongKeyException("the vault's key was not wrapped by a token in this form");
        }
        byte[] iv = Arrays.copyOfRange(wrapped, 1, 1 + IV_BYTES);
        try {
            return cipher(Cipher.DECRYPT_MODE, iv, associatedData)
                    .doFinal(wrapped, 1 + IV_BYTES, wrapped.length - 1 - IV_BYTES);
        } catch (AEADBadTagException e) {
            throw new WrongKeyException(uri + " in this token is not the key that wrapped the vault's");
        } catch (GeneralSecurityException | ProviderException e) {
            throw new KeySourceException(uri + " does not unwrap the key: " + e.getMessage(), e);
        }
    }

    private Cipher cipher(int mode, byte[] iv, byte[] associatedData) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding", provider);
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, iv));
        cipher.updateAAD(associatedData);
        return cipher;
    }
}
