package dev.evidencevault.crypto.cms;

import dev.evidencevault.crypto.x509.KeyKind;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.ECPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.cms.KeyAgreeRecipientIdentifier;
import org.bouncycastle.asn1.cms.KeyAgreeRecipientInfo;
import org.bouncycastle.asn1.cms.OriginatorIdentifierOrKey;
import org.bouncycastle.asn1.cms.OriginatorPublicKey;
import org.bouncycastle.asn1.cms.RecipientEncryptedKey;
import org.bouncycastle.asn1.cms.ecc.ECCCMSSharedInfo;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SHA384Digest;
import org.bouncycastle.crypto.generators.KDF2BytesGenerator;
import org.bouncycastle.crypto.params.KDFParameters;

/**
 * How a content key is wrapped to a key of P-256 or P-384 (RFC 5753 section 3.1): ECDH of the recipient's key and one made
 * for this file, a wrapping key from it by the function of ANSI X9.63 with SHA-256 or SHA-384, and AES-256 key wrap (RFC
 * 3394).
 */
final class EcRecipient {
    private static final AlgorithmIdentifier KEY_WRAP = new AlgorithmIdentifier(NISTObjectIdentifiers.id_aes256_wrap);
    private static final AlgorithmIdentifier EC_KEY = new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey);
    private static final AlgorithmIdentifier EC_KEY_NULL =
            new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, DERNull.INSTANCE);

    private static final int WRAPPING_KEY_BYTES = 32;

    /** The length of the wrapping key in bits, big-endian. */
    private static final byte[] WRAPPING_KEY_BITS = {0, 0, 1, 0};

    private EcRecipient() {}

    static KeyAgreeRecipientInfo wrap(RecipientCertificate recipient, byte[] contentKey, SecureRandom random)
            throws GeneralSecurityException, IOException {
        PublicKey theirs = recipient.certificate().getPublicKey();
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(((ECPublicKey) theirs).getParams(), random);
        KeyPair once = generator.generateKeyPair();
        Cipher wrap = Cipher.getInstance("AESWrap");
        wrap.init(Cipher.WRAP_MODE, wrappingKey(once.getPrivate(), theirs, recipient.kind()), random);
        byte[] wrapped = wrap.wrap(new SecretKeySpec(contentKey, "AES"));
        SubjectPublicKeyInfo info =
                SubjectPublicKeyInfo.getInstance(once.getPublic().getEncoded());
        return new KeyAgreeRecipientInfo(
                new OriginatorIdentifierOrKey(new OriginatorPublicKey(EC_KEY, info.getPublicKeyData())),
                null,
                algorithm(recipient.kind()),
                new DERSequence(new RecipientEncryptedKey(
                        new KeyAgreeRecipientIdentifier(RecipientKeys.name(recipient.certificate())),
                        new DEROctetString(wrapped))));
    }

    /**
     * Returns the content key.
     *
     * @param key of P-256 or P-384
     * @throws IllegalArgumentException if it is wrapped in another way than {@link #wrap} does
     * @throws GeneralSecurityException if it was changed
     */
    static byte[] unwrap(KeyAgreeRecipientInfo info, CertifiedKey key) throws GeneralSecurityException, IOException {
        PublicKey mine = key.certificate().getPublicKey();
        KeyKind kind = KeyKind.of(mine);
        OriginatorPublicKey once = info.getOriginator().getOriginatorKey();
        if (!info.getVersion().hasValue(3)
                || info.getUserKeyingMaterial() != null
                || !info.getKeyEncryptionAlgorithm().equals(algorithm(kind))
                || once == null
                || !(once.getAlgorithm().equals(EC_KEY) || once.getAlgorithm().equals(EC_KEY_NULL))) {
            throw new IllegalArgumentException(
                    "expected a key wrapped by ECDH with X9.63 and AES-256 key wrap, found one" + " by "
                            + info.getKeyEncryptionAlgorithm().getAlgorithm() + " or with other parameters");
        }
        // The point lies on the curve of the recipient's key; the platform checks that it does.
        SubjectPublicKeyInfo theirs = new SubjectPublicKeyInfo(
                SubjectPublicKeyInfo.getInstance(mine.getEncoded()).getAlgorithm(),
                once.getPublicKeyData().getOctets());
        PublicKey point = KeyFactory.getInstance("EC")
                .generatePublic(new X509EncodedKeySpec(theirs.getEncoded(ASN1Encoding.DER)));
        Cipher unwrap = Cipher.getInstance("AESWrap");
        unwrap.init(Cipher.UNWRAP_MODE, wrappingKey(key.privateKey(), point, kind));
        byte[] wrapped = RecipientEncryptedKey.getInstance(
                        info.getRecipientEncryptedKeys().getObjectAt(0))
                .getEncryptedKey()
                .getOctets();
        return unwrap.unwrap(wrapped, "AES", Cipher.SECRET_KEY).getEncoded();
    }

    private static AlgorithmIdentifier algorithm(KeyKind kind) {
        ASN1ObjectIdentifier scheme = kind == KeyKind.EC_P256
                ? SECObjectIdentifiers.dhSinglePass_stdDH_sha256kdf_scheme
                : SECObjectIdentifiers.dhSinglePass_stdDH_sha384kdf_scheme;
        return new AlgorithmIdentifier(scheme, KEY_WRAP);
    }

    /** RFC 5753 section 7.2 for what is hashed beside the shared secret. */
    private static SecretKeySpec wrappingKey(PrivateKey mine, PublicKey theirs, KeyKind kind)
            throws GeneralSecurityException, IOException {
        KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
        agreement.init(mine);
        agreement.doPhase(theirs, true);
        byte[] secret = agreement.generateSecret();
        byte[] shared = new ECCCMSSharedInfo(KEY_WRAP, WRAPPING_KEY_BITS).getEncoded(ASN1Encoding.DER);
        KDF2BytesGenerator derivation =
                new KDF2BytesGenerator(kind == KeyKind.EC_P256 ? new SHA256Digest() : new SHA384Digest());
        derivation.init(new KDFParameters(secret, shared));
        byte[] key = new byte[WRAPPING_KEY_BYTES];
        derivation.generateBytes(key, 0, key.length);
        Arrays.fill(secret, (byte) 0);
        return new SecretKeySpec(key, "AES");
    }
}
