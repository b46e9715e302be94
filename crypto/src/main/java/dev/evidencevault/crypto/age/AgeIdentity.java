package dev.evidencevault.crypto.age;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.bouncycastle.math.ec.rfc7748.X25519;

/** The private key that opens what is encrypted to its {@link #recipient}: a scalar of X25519 (RFC 7748). Immutable. */
public final class AgeIdentity {
    private static final String READABLE = "age-secret-key-";
    private static final int FILE_BYTES_MAX = 1 << 16;

    private final byte[] scalar;
    private final AgeRecipient recipient;

    private AgeIdentity(byte[] scalar) {
        this.scalar = scalar;
        byte[] point = new byte[X25519.POINT_SIZE];
        X25519.scalarMultBase(scalar, 0, point, 0);
        this.recipient = new AgeRecipient(point);
    }

    /** Makes a new key. */
    public static AgeIdentity generate(SecureRandom random) {
        byte[] scalar = new byte[X25519.SCALAR_SIZE];
        random.nextBytes(scalar);
        return new AgeIdentity(scalar);
    }

    /**
     * Parses the text form.
     *
     * @param text {@code AGE-SECRET-KEY-1…}: Bech32 in upper case
     * @throws IllegalArgumentException if it is anything else; the message does not repeat it
     */
    public static AgeIdentity parse(String text) {
        byte[] scalar = Bech32.parse(READABLE, text);
        if (scalar.length != X25519.SCALAR_SIZE || !text(scalar).equals(text)) {
            throw new IllegalArgumentException("expected an identity AGE-SECRET-KEY-1… of 74 characters in upper case");
        }
        return new AgeIdentity(scalar);
    }

    /**
     * Reads a file of identities: one a line; empty lines, and such that begin with {@code #}, are passed over.
     *
     * @throws IOException if the file cannot be read, has more than 64 KiB, or holds something else; the message says in
     *     which line
     */
    public static List<AgeIdentity> readAll(Path file) throws IOException {
        String text;
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(FILE_BYTES_MAX + 1);
            if (bytes.length > FILE_BYTES_MAX) {
                throw new IOException(file + ": a file of identities has at most " + FILE_BYTES_MAX + " bytes");
            }
            text = new String(bytes, StandardCharsets.UTF_8);
        }
        List<AgeIdentity> identities = new ArrayList<>();
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).isEmpty() || lines.get(i).startsWith("#")) {
                continue;
            }
            try {
                identities.add(parse(lines.get(i)));
            } catch (IllegalArgumentException e) {
                throw new IOException(file + ", line " + (i + 1) + ": " + e.getMessage(), e);
            }
        }
        if (identities.isEmpty()) {
            throw new IOException(file + ": expected an identity AGE-SECRET-KEY-1…, found none");
        }
        return List.copyOf(identities);
    }

    private static String text(byte[] scalar) {
        return Bech32.format(READABLE, scalar).toUpperCase(Locale.ROOT);
    }

    /** Returns the public key. */
    public AgeRecipient recipient() {
        return recipient;
    }

    /** Returns the text form. <strong>Whoever has it opens everything that is encrypted to this key.</strong> */
    public String text() {
        return text(scalar);
    }

    /** Returns the 32 bytes, which the caller does not change. */
    byte[] scalar() {
        return scalar;
    }

    /** Returns the text form of the public key: nothing secret. */
    @Override
    public String toString() {
        return "identity of " + recipient;
    }
}
