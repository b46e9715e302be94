package dev.evidencevault.format;

import dev.evidencevault.crypto.aead.FileCipher;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The first bytes of an encrypted file: five letters of its kind, a zero byte, the {@link FileCipher}'s code and the version
 * of the format. Immutable.
 */
public final class FileMagic {
    /** How many bytes they are. */
    public static final int BYTES = 8;

    private static final int CIPHER_AT = 6;

    private final byte[] plain;

    /** Creates the magic of a kind and version; {@code text} has {@value #BYTES} characters and code 0. */
    public FileMagic(String text) {
        this.plain = text.getBytes(StandardCharsets.ISO_8859_1);
        if (plain.length != BYTES || plain[CIPHER_AT] != 0) {
            throw new IllegalArgumentException("expected " + BYTES + " bytes without a cipher");
        }
    }

    /** Returns the bytes for a file that is encrypted with a cipher. */
    public byte[] of(FileCipher cipher) {
        byte[] magic = plain.clone();
        magic[CIPHER_AT] = cipher.code();
        return magic;
    }

    /** Returns the cipher that the first bytes of a file name; null if they are of no file of this kind and version. */
    public @Nullable FileCipher cipher(byte[] magic) {
        if (magic.length != BYTES) {
            return null;
        }
        FileCipher cipher = FileCipher.of(magic[CIPHER_AT]).orElse(null);
        return cipher != null && Arrays.equals(of(cipher), magic) ? cipher : null;
    }
}
