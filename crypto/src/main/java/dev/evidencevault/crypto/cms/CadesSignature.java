package dev.evidencevault.crypto.cms;

import dev.evidencevault.crypto.cms.CadesVerdict.Failed;
import dev.evidencevault.crypto.cms.CadesVerdict.Indeterminate;
import dev.evidencevault.crypto.cms.CadesVerdict.Passed;
import dev.evidencevault.crypto.cms.CadesVerdict.Signer;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.timestamp.TimeStamp;
import dev.evidencevault.crypto.timestamp.TimeStampVerdict;
import dev.evidencevault.crypto.x509.CertificateChain;
import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Primitive;

/**
 * A signature over content that lies elsewhere, unverified: CMS SignedData (RFC 5652) with what CAdES levels B-B and B-T ask
 * for (ETSI EN 319 122-1 section 6). Immutable and safe for use by several threads.
 *
 * <p>It is read in one spelling: DER, but for sets, whose order is free. There is one signer, with his certificate, and no
 * unsigned attribute but one time stamp over the signature. {@code openssl cms -verify -binary -inform DER} reads it.
 */
public final class CadesSignature {
    /** The longest signature that is read, in bytes: mostly certificates and the token. */
    public static final int BYTES_MAX = 1 << 18;

    /** How far two clocks may differ beyond what the authority says of its own. */
    private static final Duration CLOCKS_APART_MAX = Duration.ofMinutes(1);

    private final byte[] bytes;
    private final SignerFields fields;
    private final Optional<TimeStamp> stamp;

    private CadesSignature(byte[] bytes, SignerFields fields, Optional<TimeStamp> stamp) {
        this.bytes = bytes;
        this.fields = fields;
        this.stamp = stamp;
    }

    /**
     * Parses a signature.
     *
     * @param signature {@code ContentInfo} in DER, at most {@link #BYTES_MAX} bytes
     * @throws IllegalArgumentException if the bytes are no well-formed signature of this form, or its certificate is not
     *     in it, or what it has as time stamp is none
     */
    public static CadesSignature parse(byte[] signature) {
        if (signature.length > BYTES_MAX) {
            throw new IllegalArgumentException(
                    "a signature has at most " + BYTES_MAX + " bytes, found " + signature.length);
        }
        byte[] bytes = signature.clone();
        SignerFields fields = SignerFields.parse(bytes);
        return new CadesSignature(bytes, fields, fields.stamp().map(CadesSignature::stamp));
    }

    private static TimeStamp stamp(ASN1Primitive token) {
        try {
            return TimeStamp.ofToken(token.getEncoded(ASN1Encoding.DL));
        } catch (IOException e) {
            throw new IllegalArgumentException("not a time stamp: " + e.getMessage(), e);
        }
    }

    /** Returns a copy of the whole signature in DER. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** Returns the certificate that the signature names as its signer's. Nothing says yet that its key signed. */
    public X509Certificate certificate() {
        return fields.certificate();
    }

    /** Returns the time stamp over the signature; empty at level B-B. */
    public Optional<TimeStamp> stamp() {
        return stamp;
    }

    /**
     * Checks the signature over a content.
     *
     * <p>Passed means: the content has the digest that is signed; the signature over the attributes is good under the key of
     * the certificate that the signing certificate attribute names by its digest (RFC 5035); that is by ECDSA over P-256 or
     * P-384, or RSA with 3,072 bits and more, with SHA-256 or SHA-384; the certificate is for signatures and chains up to
     * one of {@link SignatureTrust#signers} (RFC 5280, by the Java platform and the algorithms it allows). If authorities
     * are trusted, a time stamp over the signature value verifies under them as {@link TimeStamp#verify} says, and all
     * certificates were valid at its time; else they are valid at {@link SignatureTrust#now}.
     *
     * <p><strong>Revocation is not looked at</strong>, neither from the network nor from lists in the signature.
     *
     * @param content read to its end and not closed
     * @throws IOException if the content cannot be read
     */
    public CadesVerdict verify(InputStream content, SignatureTrust trust) throws IOException {
        Optional<SignatureAlgorithm> algorithm =
                SignatureAlgorithm.find(fields.signatureAlgorithm(), fields.digestAlgorithm());
        if (algorithm.isEmpty()) {
            return unsure("expected a signature by ECDSA or RSA with SHA-256 or SHA-384, found "
                    + fields.signatureAlgorithm().getAlgorithm() + " with "
                    + fields.digestAlgorithm().getAlgorithm());
        }
        MessageDigest digest = algorithm.get().digest();
        byte[] buffer = new byte[1 << 16];
        for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
            digest.update(buffer, 0, read);
        }
        if (!MessageDigest.isEqual(digest.digest(), fields.messageDigest().getOctets())) {
            return new Failed("the content does not have the digest that is signed");
        }
        try {
            algorithm.get().requireKey(certificate().getPublicKey());
            SigningCertificate.requireUsage(certificate());
        } catch (IllegalArgumentException e) {
            return unsure(String.valueOf(e.getMessage()));
        }
        return isSigned(algorithm.get())
                ? judgeTime(trust)
                : new Failed("the signature does not verify under the key of the certificate of "
                        + CertificateChain.subject(certificate()));
    }

    private boolean isSigned(SignatureAlgorithm algorithm) {
        try {
            Signature signature = algorithm.verifying(certificate().getPublicKey());
            signature.update(fields.signedAttributes().getEncoded(ASN1Encoding.DER));
            return signature.verify(fields.value().getOctets());
        } catch (GeneralSecurityException | IOException e) {
            return false;
        }
    }

    private CadesVerdict judgeTime(SignatureTrust trust) {
        if (stamp.isEmpty()) {
            return trust.timeStampAuthorities().isEmpty()
                    ? judgeWithoutAuthority(trust)
                    : unsure("expected a time stamp over the signature, found none");
        }
        Digest digest = Digest.sha256(fields.value().getOctets());
        try {
            stamp.get().requireSigned(digest);
        } catch (GeneralSecurityException e) {
            return new Failed("the time stamp over the signature does not verify: " + e.getMessage());
        }
        if (trust.timeStampAuthorities().isEmpty()) {
            return judgeWithoutAuthority(trust);
        }
        return switch (stamp.get().verify(digest, trust.timeStampAuthorities())) {
            case TimeStampVerdict.Bad bad -> unsure(bad.reason());
            case TimeStampVerdict.Good good -> judgeStamped(trust, good);
        };
    }

    private CadesVerdict judgeStamped(SignatureTrust trust, TimeStampVerdict.Good good) {
        Instant latest = good.time().plus(good.accuracy().orElse(Duration.ZERO)).plus(CLOCKS_APART_MAX);
        if (fields.signingTime().isAfter(latest)) {
            return new Failed("the signature says that it was made at " + fields.signingTime()
                    + ", and its time stamp that it was there at " + good.time());
        }
        return judgeChain(trust, good.time(), Optional.of(good));
    }

    private CadesVerdict judgeWithoutAuthority(SignatureTrust trust) {
        if (fields.signingTime().isAfter(trust.now().plus(CLOCKS_APART_MAX))) {
            return unsure("the signature says that it was made at " + fields.signingTime() + ", and now it is "
                    + trust.now());
        }
        return judgeChain(trust, trust.now(), Optional.empty());
    }

    private CadesVerdict judgeChain(SignatureTrust trust, Instant time, Optional<TimeStampVerdict.Good> good) {
        if (trust.signers().isEmpty()) {
            return unsure("expected a trust anchor for the signer, found none");
        }
        try {
            CertificateChain chain =
                    CertificateChain.build(certificate(), fields.others(), trust.signers(), time, Optional.empty());
            return new Passed(signer(), good, chain.notAfter());
        } catch (GeneralSecurityException e) {
            return unsure(String.valueOf(e.getMessage()));
        }
    }

    private Indeterminate unsure(String reason) {
        return new Indeterminate(signer(), reason);
    }

    private Signer signer() {
        return new Signer(CertificateChain.subject(certificate()), Fingerprint.of(certificate()), fields.signingTime());
    }
}
