package dev.evidencevault.crypto.note;

import dev.evidencevault.crypto.x509.DerForm;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERSequence;

/**
 * Public keys and signatures of ECDSA over P-384 with SHA-256, each in one spelling.
 *
 * <p>A public key is a SubjectPublicKeyInfo of 120 bytes that names the curve and holds an uncompressed point (RFC 5480). A
 * signature is Ecdsa-Sig-Value (RFC 3279 section 2.2.3) in DER. With (r, s) a signature (r, n - s) is one too, so that
 * anybody could spell a good note another way: only the smaller s counts.
 */
final class EcdsaP384 {
    private static final byte[] KEY_PREFIX =
            HexFormat.of().parseHex("3076301006072a8648ce3d020106052b8104002203620004");

    private static final int COORDINATE_BYTES = 48;

    private static final BigInteger P = new BigInteger(
            "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffff", 16);
    private static final BigInteger B = new BigInteger(
            "b3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aef", 16);
    private static final BigInteger ORDER = new BigInteger(
            "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973", 16);

    private EcdsaP384() {}

    /** Returns the SubjectPublicKeyInfo of a point. */
    static byte[] format(BigInteger x, BigInteger y) {
        ByteBuffer buffer =
                ByteBuffer.allocate(KEY_PREFIX.length + 2 * COORDINATE_BYTES).put(KEY_PREFIX);
        for (BigInteger coordinate : new BigInteger[] {x, y}) {
            byte[] bytes = coordinate.toByteArray();
            int length = Math.min(bytes.length, COORDINATE_BYTES);
            buffer.put(new byte[COORDINATE_BYTES - length]).put(bytes, bytes.length - length, length);
        }
        return buffer.array();
    }

    /**
     * Parses a SubjectPublicKeyInfo.
     *
     * @throws IllegalArgumentException if it is not in the one spelling, or not of a point of the curve
     */
    static PublicKey parse(byte[] spki) {
        int at = KEY_PREFIX.length;
        if (spki.length != at + 2 * COORDINATE_BYTES || !Arrays.equals(spki, 0, at, KEY_PREFIX, 0, at)) {
            throw new IllegalArgumentException(
                    "expected a public key of P-384 as SubjectPublicKeyInfo of 120 bytes, with an uncompressed point");
        }
        BigInteger x = new BigInteger(1, spki, at, COORDINATE_BYTES);
        BigInteger y = new BigInteger(1, spki, at + COORDINATE_BYTES, COORDINATE_BYTES);
        BigInteger right = x.pow(3).subtract(x.multiply(BigInteger.valueOf(3))).add(B);
        if (x.compareTo(P) >= 0
                || y.compareTo(P) >= 0
                || y.multiply(y).subtract(right).mod(P).signum() != 0) {
            throw new IllegalArgumentException("the point of the public key is not on P-384");
        }
        try {
            return KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(spki));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("the public key of P-384 cannot be read: " + e.getMessage(), e);
        }
    }

    static boolean verifies(byte[] publicKey, byte[] text, byte[] signature) {
        try {
            if (!Arrays.equals(lowForm(signature), signature)) {
                return false;
            }
            Signature verifying = Signature.getInstance("SHA256withECDSA");
            verifying.initVerify(parse(publicKey));
            verifying.update(text);
            return verifying.verify(signature);
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            return false;
        }
    }

    /**
     * Returns the one spelling of a signature.
     *
     * @param signature Ecdsa-Sig-Value in DER
     * @throws IllegalArgumentException if it is none
     */
    static byte[] lowForm(byte[] signature) {
        if (!(DerForm.parse(signature, ASN1Encoding.DER) instanceof ASN1Sequence sequence)
                || sequence.size() != 2
                || !(sequence.getObjectAt(0) instanceof ASN1Integer first)
                || !(sequence.getObjectAt(1) instanceof ASN1Integer second)) {
            throw new IllegalArgumentException("an ECDSA signature is a sequence of r and s");
        }
        BigInteger s = second.getValue();
        for (BigInteger value : new BigInteger[] {first.getValue(), s}) {
            if (value.signum() <= 0 || value.compareTo(ORDER) >= 0) {
                throw new IllegalArgumentException("r and s are from 1 to the order of the curve, less 1");
            }
        }
        BigInteger low = s.min(ORDER.subtract(s));
        try {
            return new DERSequence(new ASN1Integer[] {first, new ASN1Integer(low)}).getEncoded(ASN1Encoding.DER);
        } catch (IOException e) {
            throw new IllegalStateException("an ECDSA signature cannot be written", e);
        }
    }
}
