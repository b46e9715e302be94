package dev.evidencevault.crypto.timestamp;

import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.timestamp.TimeStampVerdict.Bad;
import dev.evidencevault.crypto.timestamp.TimeStampVerdict.Good;
import dev.evidencevault.crypto.x509.CertificateChain;
import dev.evidencevault.crypto.x509.DerForm;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.SignatureException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1BitString;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DLSequence;
import org.bouncycastle.asn1.cmp.PKIFreeText;
import org.bouncycastle.asn1.cmp.PKIStatus;
import org.bouncycastle.asn1.cmp.PKIStatusInfo;
import org.bouncycastle.asn1.cms.CMSObjectIdentifiers;
import org.bouncycastle.asn1.cms.ContentInfo;
import org.bouncycastle.asn1.tsp.TimeStampResp;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.tsp.TSPException;
import org.bouncycastle.tsp.TimeStampToken;
import org.jspecify.annotations.Nullable;

/**
 * The answer of a time stamp authority that granted a token ({@code TimeStampResp}, RFC 3161 section 2.4.2), unverified.
 * Immutable and safe for use by several threads.
 *
 * <p>It is read in one spelling: DER, but for sets, whose order is free, since authorities do not sort the certificates
 * they send. A token in BER (indefinite lengths) is refused. Only imprints by SHA-256 are read.
 */
public final class TimeStamp {
    /** The longest answer that is read, in bytes. */
    public static final int BYTES_MAX = 1 << 16;

    private static final int STATUS_TEXTS_MAX = 4;
    private static final int STATUS_CHARS_MAX = 200;

    /** PKIStatus of RFC 3161 section 2.4.2, by number. The first two come with a token. */
    private static final List<String> STATUS = List.of(
            "granted", "grantedWithMods", "rejection", "waiting", "revocationWarning", "revocationNotification");

    private final byte[] bytes;
    private final TokenInfo info;

    private TimeStamp(byte[] bytes, TokenInfo info) {
        this.bytes = bytes;
        this.info = info;
    }

    /**
     * Parses an answer.
     *
     * @param response at most {@link #BYTES_MAX} bytes
     * @throws IllegalArgumentException if the bytes are no well-formed answer in its one spelling, the authority did not
     *     grant a token, or the token says what is not understood here: another hash function than SHA-256, a critical
     *     extension, a signing time (RFC 5652 section 11.3) more than a minute and the accuracy away from its time
     */
    public static TimeStamp parse(byte[] response) {
        if (response.length > BYTES_MAX) {
            throw new IllegalArgumentException(
                    "a time stamp has at most " + BYTES_MAX + " bytes, found " + response.length);
        }
        byte[] bytes = response.clone();
        try {
            return new TimeStamp(bytes, TokenInfo.parse(content(token(bytes))));
        } catch (IllegalArgumentException e) {
            throw e;
        } catch (RuntimeException e) {
            // Where the types are not the expected ones, the library throws what comes to it: it parses lazily.
            throw new IllegalArgumentException("not a time stamp: " + e, e);
        }
    }

    /**
     * Reads a token that stands alone, as CMS signatures carry it (RFC 3161 appendix A): as a granted answer around it.
     *
     * @param token at most {@link #BYTES_MAX} bytes with what is put around it
     * @throws IllegalArgumentException as {@link #parse} does
     */
    public static TimeStamp ofToken(byte[] token) {
        if (token.length > BYTES_MAX) {
            throw new IllegalArgumentException(
                    "a time stamp has at most " + BYTES_MAX + " bytes, found " + token.length);
        }
        ASN1Encodable[] response = {
            new DERSequence(new ASN1Integer(PKIStatus.GRANTED)), DerForm.parse(token, ASN1Encoding.DL)
        };
        try {
            return parse(new DLSequence(response).getEncoded(ASN1Encoding.DL));
        } catch (IOException e) {
            throw new IllegalArgumentException("not a time stamp token: " + e.getMessage(), e);
        }
    }

    private static TimeStampToken token(byte[] bytes) {
        TimeStampResp response = TimeStampResp.getInstance(DerForm.parse(bytes, ASN1Encoding.DL));
        requireGranted(response.getStatus());
        ContentInfo token = response.getTimeStampToken();
        if (token == null) {
            throw new IllegalArgumentException("expected a token in the answer of a time stamp authority, found none");
        }
        if (!token.getContentType().equals(CMSObjectIdentifiers.signedData)) {
            throw new IllegalArgumentException("expected SignedData as token, found " + token.getContentType());
        }
        try {
            return new TimeStampToken(token);
        } catch (TSPException | IOException e) {
            throw new IllegalArgumentException("not a time stamp token: " + e.getMessage(), e);
        }
    }

    private static byte[] content(TimeStampToken token) {
        return (byte[]) token.toCMSSignedData().getSignedContent().getContent();
    }

    private static void requireGranted(PKIStatusInfo status) {
        BigInteger number = status.getStatus();
        if (number.signum() >= 0 && number.compareTo(BigInteger.ONE) <= 0) {
            return;
        }
        StringBuilder found = new StringBuilder(
                number.bitLength() < 8 && number.signum() > 0 && number.intValue() < STATUS.size()
                        ? STATUS.get(number.intValue())
                        : "status " + number);
        ASN1BitString failure = status.getFailInfo();
        if (failure != null) {
            found.append(", failure ").append(failure(failure));
        }
        PKIFreeText texts = status.getStatusString();
        for (int i = 0; texts != null && i < Math.min(texts.size(), STATUS_TEXTS_MAX); i++) {
            String text = texts.getStringAtUTF8(i).getString().replaceAll("\\p{Cntrl}", " ");
            found.append(", \"")
                    .append(text, 0, Math.min(text.length(), STATUS_CHARS_MAX))
                    .append('"');
        }
        throw new IllegalArgumentException("expected a granted time stamp, found " + found);
    }

    /** Names the first bit that is set in PKIFailureInfo (RFC 3161 section 2.4.2). */
    private static String failure(ASN1BitString failure) {
        byte[] bits = failure.getBytes();
        for (int bit = 0; bit < 8 * bits.length; bit++) {
            if ((bits[bit / 8] & 0x80 >> bit % 8) != 0) {
                return switch (bit) {
                    case 0 -> "badAlg";
                    case 2 -> "badRequest";
                    case 5 -> "badDataFormat";
                    case 14 -> "timeNotAvailable";
                    case 15 -> "unacceptedPolicy";
                    case 16 -> "unacceptedExtension";
                    case 17 -> "addInfoNotAvailable";
                    case 25 -> "systemFailure";
                    default -> "bit " + bit;
                };
            }
        }
        return "unknown";
    }

    /** Returns a copy of the whole answer in DER, which {@code openssl ts -verify -in} reads. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** Returns a copy of the token without the answer around it ({@code ContentInfo}, RFC 5652 section 3). */
    public byte[] token() {
        ASN1Sequence response = (ASN1Sequence) DerForm.parse(bytes, ASN1Encoding.DL);
        try {
            return response.getObjectAt(1).toASN1Primitive().getEncoded(ASN1Encoding.DL);
        } catch (IOException e) {
            throw new IllegalStateException("a token that was read cannot be written", e);
        }
    }

    /** Returns the digest that the token is for. Nothing says yet that an authority signed it. */
    public Digest imprint() {
        return info.imprint();
    }

    @Nullable
    BigInteger nonce() {
        return info.nonce();
    }

    /**
     * What a token says whose signature is good under a certificate that it carries. Whether anybody trusts that
     * certificate, nobody has asked: whoever can write a token can make one that says this.
     *
     * @param time when, by the clock of whoever signed
     * @param authority the subject of the certificate, as RFC 2253 writes it
     * @param certificateNotAfter the last second of validity of the certificate
     */
    public record Unvouched(Instant time, String authority, Instant certificateNotAfter) {}

    /**
     * Checks the token over a digest in everything but the trust in its certificate: as {@link #verify(Digest, Collection)}
     * does without a chain.
     *
     * @throws GeneralSecurityException if it does not hold; the message says what was expected and what was found
     */
    public Unvouched requireSigned(Digest digest) throws GeneralSecurityException {
        if (!info.imprint().equals(digest)) {
            throw new SignatureException("expected a time stamp of " + digest + ", found one of " + info.imprint());
        }
        X509Certificate signer =
                TokenSigner.verify(token(bytes), info, new ArrayList<>()).certificate();
        return new Unvouched(info.time(), CertificateChain.subject(signer), CertificateChain.notAfter(signer));
    }

    /**
     * Checks the token over a digest, with the certificates that it carries. See {@link #verify(Digest, Collection,
     * Collection)}.
     */
    public TimeStampVerdict verify(Digest digest, Collection<X509Certificate> trustAnchors) {
        return verify(digest, trustAnchors, List.of());
    }

    /**
     * Checks the token over a digest.
     *
     * <p>Good means: the token is for this digest; its CMS signature (RFC 5652) is good; it was made with the certificate
     * that the token's signing certificate attribute names (RFC 5035, or RFC 2634 with SHA-1 in older tokens); that
     * certificate is for time stamps and nothing else (RFC 3161 section 2.3), carries the name that the token gives its
     * authority, and chains up to a trust anchor (RFC 5280, by the Java platform and the algorithms it allows) by
     * certificates none of which is limited to other purposes; and every certificate of that chain, the anchor too, was
     * valid at the time that the token tells. SHA-2 and SHA-3 with RSA,
     * ECDSA or Ed25519 are accepted.
     *
     * <p><strong>Revocation is not looked at</strong>, neither from the network nor from lists in the token: who doubts an
     * authority has to ask whether its certificate was revoked, and why. The nonce is not looked at: only who asked can
     * say what it was. Today's date does not matter; {@link Good#chainNotAfter} is for that.
     *
     * @param digest what should be stamped
     * @param trustAnchors certificates of authorities that are trusted without proof; at least one
     * @param others certificates that are not trusted, for tokens that carry none: of the signer and between it and the
     *     anchors
     * @throws IllegalArgumentException if there are no trust anchors
     */
    public TimeStampVerdict verify(
            Digest digest, Collection<X509Certificate> trustAnchors, Collection<X509Certificate> others) {
        if (trustAnchors.isEmpty()) {
            throw new IllegalArgumentException("expected at least one trust anchor, found none");
        }
        if (!info.imprint().equals(digest)) {
            return new Bad("expected a time stamp of " + digest + ", found one of " + info.imprint());
        }
        try {
            // Parsed anew: the library's objects change while they check.
            TokenSigner signer = TokenSigner.verify(token(bytes), info, new ArrayList<>(others));
            CertificateChain chain = CertificateChain.build(
                    signer.certificate(),
                    signer.others(),
                    trustAnchors,
                    info.time(),
                    Optional.of(KeyPurposeId.id_kp_timeStamping));
            return new Good(
                    info.time(),
                    info.accuracy(),
                    info.serial(),
                    info.policy(),
                    CertificateChain.subject(signer.certificate()),
                    CertificateChain.notAfter(signer.certificate()),
                    chain.notAfter());
        } catch (GeneralSecurityException e) {
            return new Bad("the time stamp of " + digest + " does not verify: " + e.getMessage());
        }
    }
}
