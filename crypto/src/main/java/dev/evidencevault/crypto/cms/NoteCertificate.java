package dev.evidencevault.crypto.cms;

import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.crypto.note.VerifierKey;
import dev.evidencevault.crypto.x509.CertificateChain;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An X.509 certificate as a key of signed notes, under a name. Immutable, safe for use by several threads.
 *
 * <p>The signature type is 0xff of c2sp.org/signed-note, with the identifier {@value #IDENTIFIER} and a line feed; what
 * follows is the certificate in DER. A signature is over the note's text: ECDSA over P-256 with SHA-256 or over P-384 with
 * SHA-384, in DER; or RSASSA-PSS with SHA-256 in both places and a salt of 32 bytes, of a key of 3,072 to 16,384 bits. No
 * chain is built: whoever registers the key vouches for it.
 */
public final class NoteCertificate {
    /** The identifier of this type of signature. */
    public static final String IDENTIFIER = "evidencevault.dev/x509/v1";

    /** The longest certificate, in bytes of its DER form. */
    public static final int BYTES_MAX = 16 << 10;

    /** What the Java platform takes with any modulus; more makes a signature cost seconds to check. */
    private static final int RSA_EXPONENT_BITS_MAX = 64;

    private static final byte OTHER = (byte) 0xff;
    private static final byte[] PREFIX = (IDENTIFIER + "\n").getBytes(StandardCharsets.US_ASCII);

    /** How the base64 of type and identifier begins: 27 bytes, which are 36 characters. */
    private static final String FORM = Base64.getEncoder()
            .encodeToString(ByteBuffer.allocate(1 + PREFIX.length)
                    .put(OTHER)
                    .put(PREFIX)
                    .array());

    private final VerifierKey key;
    private final X509Certificate certificate;
    private final SignatureAlgorithm algorithm;

    private NoteCertificate(VerifierKey key, X509Certificate certificate) {
        this.key = key;
        this.certificate = certificate;
        this.algorithm = SignatureAlgorithm.of(certificate.getPublicKey());
        if (certificate.getPublicKey() instanceof RSAPublicKey rsa
                && rsa.getPublicExponent().bitLength() > RSA_EXPONENT_BITS_MAX) {
            throw new IllegalArgumentException("expected an RSA exponent of at most " + RSA_EXPONENT_BITS_MAX
                    + " bits, found one of " + rsa.getPublicExponent().bitLength());
        }
        SigningCertificate.requireUsage(certificate);
    }

    /**
     * Gives a certificate a name.
     *
     * @throws IllegalArgumentException if the name is no key name, or the certificate's key or key usage is none that signs
     */
    public static NoteCertificate of(String name, X509Certificate certificate) {
        byte[] der = der(certificate);
        byte[] typed = ByteBuffer.allocate(PREFIX.length + der.length)
                .put(PREFIX)
                .put(der)
                .array();
        return new NoteCertificate(new VerifierKey(name, OTHER, typed), certificate);
    }

    /** Says whether a text begins as those that {@link #parse} reads. */
    public static boolean isForm(String text) {
        String[] parts = text.split("\\+", 3);
        return parts.length == 3 && parts[2].startsWith(FORM);
    }

    /**
     * Parses the text form.
     *
     * @throws IllegalArgumentException if it is none, or not in the one spelling
     */
    public static NoteCertificate parse(String text) {
        VerifierKey key = VerifierKey.parse(text);
        byte[] typed = key.publicKey();
        if (key.type() != OTHER
                || typed.length <= PREFIX.length
                || !Arrays.equals(typed, 0, PREFIX.length, PREFIX, 0, PREFIX.length)) {
            throw new IllegalArgumentException("expected a key of type 255 with the identifier " + IDENTIFIER);
        }
        byte[] der = Arrays.copyOfRange(typed, PREFIX.length, typed.length);
        if (der.length > BYTES_MAX) {
            throw new IllegalArgumentException(
                    "a certificate has at most " + BYTES_MAX + " bytes, found " + der.length);
        }
        try {
            X509Certificate certificate = (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
            if (!Arrays.equals(der(certificate), der)) {
                throw new IllegalArgumentException("expected a certificate in DER and nothing after it");
            }
            return new NoteCertificate(key, certificate);
        } catch (CertificateException e) {
            throw new IllegalArgumentException("expected a certificate in DER, found none: " + e.getMessage(), e);
        }
    }

    private static byte[] der(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateException e) {
            throw new IllegalArgumentException("the certificate has no encoding: " + e.getMessage(), e);
        }
    }

    /** Returns the name. */
    public String name() {
        return key.name();
    }

    /** Returns the text form, {@code name+keyid+base64}. */
    public String format() {
        return key.format();
    }

    /** Returns the certificate. */
    public X509Certificate certificate() {
        return certificate;
    }

    /** Returns the SHA-256 of the public key (SubjectPublicKeyInfo): certificates that share it are of one key. */
    public Digest publicKeyDigest() {
        return Digest.sha256(certificate.getPublicKey().getEncoded());
    }

    /** Says whether the certificate is valid at a time, both ends included. */
    public boolean isValidAt(Instant time) {
        return !time.isBefore(certificate.getNotBefore().toInstant())
                && !time.isAfter(CertificateChain.notAfter(certificate));
    }

    /** Says whether the note carries a good signature of this key, and no bad one that is said to be. */
    public boolean verifies(SignedNote note) {
        List<SignedNote.Signature> ours =
                note.signatures().stream().filter(key::isNamedBy).toList();
        return !ours.isEmpty() && ours.stream().allMatch(signature -> verifies(note.text(), signature));
    }

    private boolean verifies(String text, SignedNote.Signature found) {
        try {
            Signature verifying = algorithm.verifying(certificate.getPublicKey());
            verifying.update(text.getBytes(StandardCharsets.UTF_8));
            return verifying.verify(Base64.getDecoder().decode(found.bytes()));
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /**
     * Signs a text, which has to end in a newline.
     *
     * @param holder the private key of this certificate, which may lie in a device
     * @throws IllegalStateException if the key does not sign, or is of another certificate
     */
    public SignedNote sign(String text, CertifiedKey holder) {
        byte[] bytes;
        try {
            Signature signing = algorithm.signing(holder.privateKey());
            signing.update(text.getBytes(StandardCharsets.UTF_8));
            bytes = signing.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the key of " + holder + " does not sign: " + e.getMessage(), e);
        }
        SignedNote note = new SignedNote(
                text,
                List.of(new SignedNote.Signature(
                        key.name(), key.id(), Base64.getEncoder().encodeToString(bytes))));
        if (!verifies(note)) {
            throw new IllegalStateException("the private key is not that of the certificate of " + holder);
        }
        return note;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof NoteCertificate that && key.equals(that.key);
    }

    @Override
    public int hashCode() {
        return key.hashCode();
    }

    @Override
    public String toString() {
        return CertificateChain.subject(certificate);
    }
}
