package dev.evidencevault.crypto.keys;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * A random key of 32 bytes that is wrapped under one that is kept elsewhere. Stored in the clear.
 *
 * @param uri the name of that key, 1 to 1,024 UTF-16 code units
 * @param wrappedBase64 what the source of keys made of it, in padded standard base64
 */
public record WrappedKey(String uri, String wrappedBase64) {
    /** The longest wrapped key. */
    public static final int BYTES_MAX = 16 << 10;

    /** The longest name of a key, in UTF-16 code units. */
    public static final int URI_CHARS_MAX = 1024;

    private static final int KEY_BYTES = 32;

    /** Checks the bounds and that the text is spelled in the one way. */
    public WrappedKey {
        if (uri.isEmpty() || uri.length() > URI_CHARS_MAX) {
            throw new IllegalArgumentException(
                    "the name of a key has 1 to " + URI_CHARS_MAX + " characters, found " + uri.length());
        }
        byte[] wrapped = Base64.getDecoder().decode(wrappedBase64);
        if (wrapped.length == 0
                || wrapped.length > BYTES_MAX
                || !Base64.getEncoder().encodeToString(wrapped).equals(wrappedBase64)) {
            throw new IllegalArgumentException("a wrapped key is the base64 form of 1 to " + BYTES_MAX + " bytes");
        }
    }

    /**
     * Generates a key and wraps it.
     *
     * @param purpose what it is for: the associated data
     * @throws KeySourceException if the source cannot be reached or refuses
     */
    public static WrappedKey generate(KeySource source, String purpose) throws KeySourceException {
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        byte[] wrapped = source.wrap(key, purpose.getBytes(StandardCharsets.UTF_8));
        return new WrappedKey(source.uri(), Base64.getEncoder().encodeToString(wrapped));
    }

    /**
     * Unwraps the key.
     *
     * @throws WrongKeyException if the source has another name, or it was not wrapped under its key for this purpose
     * @throws KeySourceException if the source cannot be reached or refuses
     */
    byte[] unwrap(KeySource source, String purpose) throws WrongKeyException, KeySourceException {
        if (!source.uri().equals(uri)) {
            throw new WrongKeyException("expected the key " + uri + ", found " + source.uri());
        }
        byte[] key = source.unwrap(Base64.getDecoder().decode(wrappedBase64), purpose.getBytes(StandardCharsets.UTF_8));
        if (key.length != KEY_BYTES) {
            throw new WrongKeyException(uri + " unwraps " + key.length + " bytes, expected " + KEY_BYTES);
        }
        return key;
    }
}
