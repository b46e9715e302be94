package dev.evidencevault.crypto.merkle;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** A SHA-256 digest: 32 bytes, immutable. */
public final class Digest {
    /** Length of a digest in bytes. */
    public static final int BYTES = 32;

    private final byte[] bytes;

    private Digest(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Returns the digest with these bytes.
     *
     * @throws IllegalArgumentException if there are not exactly 32
     */
    public static Digest of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("a digest has 32 bytes, found " + bytes.length);
        }
        return new Digest(bytes.clone());
    }

    /** Takes 32 bytes that nobody else holds. */
    static Digest adopt(byte[] bytes) {
        return new Digest(bytes);
    }

    /** Returns the digest found at {@code offset} of {@code source}, which must hold 32 bytes from there. */
    public static Digest read(byte[] source, int offset) {
        return new Digest(Arrays.copyOfRange(source, offset, offset + BYTES));
    }

    /** Returns the SHA-256 digest of the parts, one after the other, with nothing between them. */
    public static Digest sha256(byte[]... parts) {
        MessageDigest digest = computation();
        for (byte[] part : parts) {
            digest.update(part);
        }
        return new Digest(digest.digest());
    }

    /** Returns the digest of what is left in a stream, which is not closed. */
    public static Digest sha256(InputStream in) throws IOException {
        MessageDigest digest = computation();
        byte[] buffer = new byte[1 << 16];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            digest.update(buffer, 0, read);
        }
        return new Digest(digest.digest());
    }

    /** Returns the digest of a file. */
    public static Digest sha256(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return sha256(in);
        }
    }

    /** Returns a new SHA-256 computation. */
    public static MessageDigest computation() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    /**
     * Parses 64 lower-case hexadecimal digits.
     *
     * @throws IllegalArgumentException if the text is anything else
     */
    public static Digest parseHex(String text) {
        if (text.length() != 2 * BYTES) {
            throw new IllegalArgumentException("a digest has 64 hexadecimal digits, found " + text.length());
        }
        Digest digest = new Digest(HexFormat.of().parseHex(text));
        if (!digest.hex().equals(text)) {
            throw new IllegalArgumentException("a digest is written in lower case");
        }
        return digest;
    }

    /**
     * Parses the standard base64 form, padded, as C2SP notes and checkpoints have it.
     *
     * @throws IllegalArgumentException if the text is not the one spelling of 32 bytes
     */
    public static Digest parseBase64(String text) {
        if (text.length() != 44) {
            throw new IllegalArgumentException("a digest has 44 base64 characters, found " + text.length());
        }
        byte[] decoded = Base64.getDecoder().decode(text);
        if (decoded.length != BYTES
                || !Base64.getEncoder().encodeToString(decoded).equals(text)) {
            throw new IllegalArgumentException("not the base64 form of 32 bytes: " + text);
        }
        return new Digest(decoded);
    }

    /** Returns a copy of the 32 bytes. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** Copies the 32 bytes to {@code target} at {@code offset}. */
    public void copyTo(byte[] target, int offset) {
        System.arraycopy(bytes, 0, target, offset, BYTES);
    }

    /** Feeds the 32 bytes into a running computation. */
    public void updateInto(MessageDigest digest) {
        digest.update(bytes);
    }

    /** Returns 64 lower-case hexadecimal digits. */
    public String hex() {
        return HexFormat.of().formatHex(bytes);
    }

    /** Returns 44 characters of padded standard base64. */
    public String base64() {
        return Base64.getEncoder().encodeToString(bytes);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Digest that && MessageDigest.isEqual(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return hex();
    }
}
