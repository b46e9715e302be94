package dev.evidencevault.crypto.cms;

import dev.evidencevault.crypto.x509.KeyKind;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSASSAPSSparams;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/**
 * How a signature is made: what stock OpenSSL 3.0 verifies in CMS. Keys have at least the strength of 128 bits; digest and
 * signature are of one strength.
 */
public enum SignatureAlgorithm {
    /** ECDSA over P-256 with SHA-256 (RFC 5754 section 3.3). */
    ECDSA_P256_SHA256(KeyKind.EC_P256, "SHA256withECDSA", 256),
    /** ECDSA over P-384 with SHA-384 (RFC 5754 section 3.3). */
    ECDSA_P384_SHA384(KeyKind.EC_P384, "SHA384withECDSA", 384),
    /** RSASSA-PSS with SHA-256 in both places and a salt of 32 bytes (RFC 4056). */
    RSA_PSS_SHA256(KeyKind.RSA, "RSASSA-PSS", 256),
    /** RSASSA-PSS with SHA-384 in both places and a salt of 48 bytes (RFC 4056). */
    RSA_PSS_SHA384(KeyKind.RSA, "RSASSA-PSS", 384),
    /** RSASSA-PKCS1-v1_5 with SHA-256 (RFC 5754 section 3.2). */
    RSA_PKCS1_SHA256(KeyKind.RSA, "SHA256withRSA", 256),
    /** RSASSA-PKCS1-v1_5 with SHA-384 (RFC 5754 section 3.2). */
    RSA_PKCS1_SHA384(KeyKind.RSA, "SHA384withRSA", 384);

    /** The shortest RSA modulus that signs, in bits: the strength of 128 bits (NIST SP 800-57). */
    public static final int RSA_BITS_MIN = 3072;

    /** The longest RSA modulus that is computed with, in bits. */
    public static final int RSA_BITS_MAX = 16384;

    private static final String PSS = "RSASSA-PSS";

    private final KeyKind kind;
    private final String name;
    private final int digestBits;

    SignatureAlgorithm(KeyKind kind, String name, int digestBits) {
        this.kind = kind;
        this.name = name;
        this.digestBits = digestBits;
    }

    /**
     * Chooses the algorithm for a key: ECDSA with the digest of the curve's strength, or RSASSA-PSS with SHA-256.
     *
     * @throws IllegalArgumentException if the key is none of RSA with 3,072 to 16,384 bits, P-256 or P-384
     */
    public static SignatureAlgorithm of(PublicKey key) {
        SignatureAlgorithm algorithm = switch (KeyKind.of(key)) {
            case EC_P256 -> ECDSA_P256_SHA256;
            case EC_P384 -> ECDSA_P384_SHA384;
            case RSA -> RSA_PSS_SHA256;
        };
        algorithm.requireKey(key);
        return algorithm;
    }

    /** Finds the algorithm that two identifiers of a signature name; empty if they name none of these, in one spelling. */
    static Optional<SignatureAlgorithm> find(AlgorithmIdentifier signature, AlgorithmIdentifier digest) {
        for (SignatureAlgorithm algorithm : values()) {
            if (algorithm.isDigest(digest) && algorithm.spellings().contains(signature)) {
                return Optional.of(algorithm);
            }
        }
        return Optional.empty();
    }

    /**
     * Checks that a key can be used with this algorithm.
     *
     * @throws IllegalArgumentException if it cannot; the message says what was expected and what was found
     */
    void requireKey(PublicKey key) {
        KeyKind found = KeyKind.of(key);
        if (found != kind) {
            throw new IllegalArgumentException(
                    "expected a key of " + kind + " for " + this + ", found one of " + found);
        }
        if (key instanceof RSAPublicKey rsa) {
            int bits = rsa.getModulus().bitLength();
            if (bits < RSA_BITS_MIN || bits > RSA_BITS_MAX) {
                throw new IllegalArgumentException("expected an RSA key of " + RSA_BITS_MIN + " to " + RSA_BITS_MAX
                        + " bits, found one of " + bits);
            }
        }
    }

    /** Returns a computation that signs, by the provider whose key it is. */
    Signature signing(PrivateKey key) throws GeneralSecurityException {
        Signature signature = Signature.getInstance(name);
        signature.initSign(key);
        setParameters(signature);
        return signature;
    }

    /** Returns a computation that verifies. */
    Signature verifying(PublicKey key) throws GeneralSecurityException {
        Signature signature = Signature.getInstance(name);
        signature.initVerify(key);
        setParameters(signature);
        return signature;
    }

    /** To be called after the key is known: parameters would choose the first provider that there is. */
    private void setParameters(Signature signature) throws GeneralSecurityException {
        if (name.equals(PSS)) {
            MGF1ParameterSpec mask = digestBits == 256 ? MGF1ParameterSpec.SHA256 : MGF1ParameterSpec.SHA384;
            signature.setParameter(new PSSParameterSpec(
                    digestName(), "MGF1", mask, digestBits / 8, PSSParameterSpec.TRAILER_FIELD_BC));
        }
    }

    MessageDigest digest() {
        try {
            return MessageDigest.getInstance(digestName());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has " + digestName(), e);
        }
    }

    private String digestName() {
        return "SHA-" + digestBits;
    }

    private ASN1ObjectIdentifier digestId() {
        return digestBits == 256 ? NISTObjectIdentifiers.id_sha256 : NISTObjectIdentifiers.id_sha384;
    }

    /** RFC 5754 section 2: without parameters. */
    AlgorithmIdentifier digestIdentifier() {
        return new AlgorithmIdentifier(digestId());
    }

    private boolean isDigest(AlgorithmIdentifier digest) {
        return digest.equals(digestIdentifier())
                || digest.equals(new AlgorithmIdentifier(digestId(), DERNull.INSTANCE));
    }

    AlgorithmIdentifier signatureIdentifier() {
        return spellings().get(0);
    }

    /** The identifiers that are read; the first is the one that is written. */
    private List<AlgorithmIdentifier> spellings() {
        return switch (this) {
            case ECDSA_P256_SHA256 -> List.of(new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256));
            case ECDSA_P384_SHA384 -> List.of(new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA384));
            case RSA_PSS_SHA256, RSA_PSS_SHA384 ->
                List.of(pss(new AlgorithmIdentifier(digestId(), DERNull.INSTANCE)), pss(digestIdentifier()));
            case RSA_PKCS1_SHA256 -> pkcs1(PKCSObjectIdentifiers.sha256WithRSAEncryption);
            case RSA_PKCS1_SHA384 -> pkcs1(PKCSObjectIdentifiers.sha384WithRSAEncryption);
        };
    }

    private static List<AlgorithmIdentifier> pkcs1(ASN1ObjectIdentifier withDigest) {
        return List.of(
                new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE),
                new AlgorithmIdentifier(withDigest, DERNull.INSTANCE));
    }

    private AlgorithmIdentifier pss(AlgorithmIdentifier digest) {
        ASN1Encodable parameters = new RSASSAPSSparams(
                digest,
                new AlgorithmIdentifier(PKCSObjectIdentifiers.id_mgf1, digest),
                new ASN1Integer(digestBits / 8),
                RSASSAPSSparams.DEFAULT_TRAILER_FIELD);
        return new AlgorithmIdentifier(PKCSObjectIdentifiers.id_RSASSA_PSS, parameters);
    }
}
