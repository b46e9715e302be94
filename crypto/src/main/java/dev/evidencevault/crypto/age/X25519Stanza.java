package dev.evidencevault.crypto.age;

import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import org.bouncycastle.math.ec.rfc7748.X25519;
import org.bouncycastle.util.Arrays;

/** How a file key is wrapped to an X25519 key. */
final class X25519Stanza {
    static final String TYPE = "X25519";

    private static final String INFO = "age-encryption.org/v1/X25519";
    private static final int BODY_BYTES = AgeKeys.FILE_KEY_BYTES + AgeKeys.TAG_BYTES;

    private X25519Stanza() {}

    static Stanza wrap(AgeRecipient recipient, byte[] fileKey, SecureRandom random) {
        byte[] once = new byte[X25519.SCALAR_SIZE];
        random.nextBytes(once);
        byte[] share = new byte[X25519.POINT_SIZE];
        X25519.scalarMultBase(once, 0, share, 0);
        byte[] secret = new byte[X25519.POINT_SIZE];
        if (!X25519.calculateAgreement(once, 0, recipient.point(), 0, secret, 0)) {
            throw new IllegalStateException("a recipient of low order was not refused");
        }
        // The wrapping key is used once: so the nonce may be nothing.
        byte[] body = AgeKeys.encrypt(
                wrappingKey(secret, share, recipient), new byte[AgeKeys.NONCE_BYTES], fileKey, fileKey.length);
        return new Stanza(List.of(TYPE, RawBase64.format(share)), RawBase64.format(body));
    }

    /**
     * Returns the file key; empty if it is wrapped to another key.
     *
     * @throws IllegalArgumentException if the stanza is not well formed, or its share is of low order
     */
    static Optional<byte[]> unwrap(Stanza stanza, AgeIdentity identity) {
        if (stanza.arguments().size() != 2) {
            throw new IllegalArgumentException("expected one argument of an X25519 stanza, found "
                    + (stanza.arguments().size() - 1));
        }
        byte[] share = RawBase64.parse(stanza.arguments().get(1));
        byte[] body = RawBase64.parse(stanza.body());
        if (share.length != X25519.POINT_SIZE || body.length != BODY_BYTES) {
            throw new IllegalArgumentException(
                    "expected a share of 32 bytes and a body of 32 in an X25519 stanza, found " + share.length + " and "
                            + body.length);
        }
        byte[] secret = new byte[X25519.POINT_SIZE];
        if (!X25519.calculateAgreement(identity.scalar(), 0, share, 0, secret, 0)) {
            throw new IllegalArgumentException(
                    "expected a share that a secret can be agreed on with, found one of low" + " order");
        }
        try {
            return Optional.of(AgeKeys.decrypt(
                    wrappingKey(secret, share, identity.recipient()),
                    new byte[AgeKeys.NONCE_BYTES],
                    body,
                    body.length));
        } catch (AEADBadTagException e) {
            return Optional.empty();
        }
    }

    private static byte[] wrappingKey(byte[] secret, byte[] share, AgeRecipient recipient) {
        return AgeKeys.derive(secret, Arrays.concatenate(share, recipient.point()), INFO);
    }
}
