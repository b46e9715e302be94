package dev.evidencevault.crypto.age;

import java.util.Arrays;
import org.bouncycastle.math.ec.rfc7748.X25519;
import org.jspecify.annotations.Nullable;

/** The public key of somebody to whom files are encrypted: a point of X25519 (RFC 7748). Immutable. */
public final class AgeRecipient {
    private static final String READABLE = "age";

    private final byte[] point;

    AgeRecipient(byte[] point) {
        this.point = point;
    }

    /**
     * Parses the text form.
     *
     * @param text {@code age1…}: Bech32 in lower case
     * @throws IllegalArgumentException if it is anything else, or a point with which no secret can be agreed on
     */
    public static AgeRecipient parse(String text) {
        byte[] point = Bech32.parse(READABLE, text);
        if (point.length != X25519.POINT_SIZE || !Bech32.format(READABLE, point).equals(text)) {
            throw new IllegalArgumentException(
                    "expected a recipient age1… of 62 characters in lower case, found " + text);
        }
        byte[] scalar = new byte[X25519.SCALAR_SIZE];
        scalar[0] = 8;
        if (!X25519.calculateAgreement(scalar, 0, point, 0, new byte[X25519.POINT_SIZE], 0)) {
            throw new IllegalArgumentException("expected a recipient, found a point of low order: " + text);
        }
        return new AgeRecipient(point);
    }

    /** Returns the 32 bytes, which the caller does not change. */
    byte[] point() {
        return point;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof AgeRecipient that && Arrays.equals(point, that.point);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(point);
    }

    /** Returns the text form. */
    @Override
    public String toString() {
        return Bech32.format(READABLE, point);
    }
}
