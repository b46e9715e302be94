package dev.evidencevault.crypto.cms;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.spec.MGF1ParameterSpec;
import javax.crypto.Cipher;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.cms.KeyTransRecipientInfo;
import org.bouncycastle.asn1.cms.RecipientIdentifier;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSAESOAEPparams;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;

/** How a content key is wrapped to an RSA key: RSAES-OAEP with SHA-256 in both places and no label (RFC 3560, RFC 8017). */
final class RsaRecipient {
    private static final OAEPParameterSpec PARAMETERS =
            new OAEPParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, PSource.PSpecified.DEFAULT);

    private static final AlgorithmIdentifier SHA256 = new AlgorithmIdentifier(NISTObjectIdentifiers.id_sha256);
    private static final AlgorithmIdentifier ALGORITHM = new AlgorithmIdentifier(
            PKCSObjectIdentifiers.id_RSAES_OAEP,
            new RSAESOAEPparams(
                    SHA256,
                    new AlgorithmIdentifier(PKCSObjectIdentifiers.id_mgf1, SHA256),
                    RSAESOAEPparams.DEFAULT_P_SOURCE_ALGORITHM));

    private RsaRecipient() {}

    static KeyTransRecipientInfo wrap(RecipientCertificate recipient, byte[] contentKey, SecureRandom random)
            throws GeneralSecurityException {
        Cipher cipher = cipher();
        cipher.init(Cipher.ENCRYPT_MODE, recipient.certificate().getPublicKey(), PARAMETERS, random);
        return new KeyTransRecipientInfo(
                new RecipientIdentifier(RecipientKeys.name(recipient.certificate())),
                ALGORITHM,
                new DEROctetString(cipher.doFinal(contentKey)));
    }

    /**
     * Returns the content key.
     *
     * @throws IllegalArgumentException if it is wrapped in another way than {@link #wrap} does
     * @throws GeneralSecurityException if it was changed
     */
    static byte[] unwrap(KeyTransRecipientInfo info, PrivateKey key) throws GeneralSecurityException {
        if (!info.getVersion().hasValue(0) || !info.getKeyEncryptionAlgorithm().equals(ALGORITHM)) {
            throw new IllegalArgumentException("expected a key wrapped by RSAES-OAEP with SHA-256, found one by "
                    + info.getKeyEncryptionAlgorithm().getAlgorithm() + " or with other parameters");
        }
        Cipher cipher = cipher();
        cipher.init(Cipher.DECRYPT_MODE, key, PARAMETERS);
        return cipher.doFinal(info.getEncryptedKey().getOctets());
    }

    private static Cipher cipher() throws GeneralSecurityException {
        return Cipher.getInstance("RSA/ECB/OAEPPadding");
    }
}
