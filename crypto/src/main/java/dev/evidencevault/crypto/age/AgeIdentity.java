package dev.evidencevault.crypto.age;

import java.security.SecureRandom;
import java.util.Locale;
import org.bouncycastle.math.ec.rfc7748.X25519;

/** The private key that opens what is encrypted to its {@link #recipient}: a scalar of X25519 (RFC 7748). Immutable. */
public final class AgeIdentity {
    private static final String READABLE = "age-secret-key-";

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
