package dev.evidencevault.crypto.cms;

import dev.evidencevault.crypto.file.UnopenedFileException;
import dev.evidencevault.crypto.file.UnopenedFileException.Reason;
import dev.evidencevault.crypto.x509.DerForm;
import dev.evidencevault.crypto.x509.KeyKind;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Set;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.cms.IssuerAndSerialNumber;
import org.bouncycastle.asn1.cms.KeyAgreeRecipientInfo;
import org.bouncycastle.asn1.cms.KeyTransRecipientInfo;
import org.bouncycastle.asn1.cms.RecipientEncryptedKey;
import org.bouncycastle.asn1.cms.RecipientInfo;
import org.bouncycastle.asn1.x509.Certificate;

/** The key of a sealed file, wrapped to each of its recipients ({@code RecipientInfos}, RFC 5652 section 6.2). */
final class RecipientKeys {
    static final int RECIPIENTS_MAX = 16;

    private RecipientKeys() {}

    /** Wraps a key; returns the set in DER. */
    static byte[] wrap(List<RecipientCertificate> recipients, byte[] contentKey, SecureRandom random)
            throws GeneralSecurityException, IOException {
        ASN1EncodableVector infos = new ASN1EncodableVector();
        for (RecipientCertificate recipient : recipients) {
            infos.add(
                    recipient.kind() == KeyKind.RSA
                            ? new RecipientInfo(RsaRecipient.wrap(recipient, contentKey, random))
                            : new RecipientInfo(EcRecipient.wrap(recipient, contentKey, random)));
        }
        return new DERSet(infos).getEncoded(ASN1Encoding.DER);
    }

    /**
     * Unwraps a key with that of one recipient.
     *
     * @throws UnopenedFileException if it is wrapped to others, in another way than {@link #wrap} does, or was changed
     */
    static byte[] unwrap(byte[] set, CertifiedKey key) throws UnopenedFileException {
        try {
            IssuerAndSerialNumber mine = name(key.certificate());
            List<ASN1Encodable> found = new ArrayList<>();
            for (RecipientInfo info : infos(set)) {
                if (mine.equals(name(info))) {
                    found.add(info.getInfo());
                }
            }
            if (found.isEmpty()) {
                throw new UnopenedFileException(
                        Reason.NOT_FOR_THIS_KEY,
                        "expected a file sealed to the certificate of " + key + " (" + Fingerprint.of(key.certificate())
                                + "), found one sealed to others");
            }
            if (found.size() > 1) {
                throw new UnopenedFileException(
                        Reason.MALFORMED, "the file is sealed to the certificate of " + key + " more than once");
            }
            return found.get(0) instanceof KeyTransRecipientInfo transport
                    ? RsaRecipient.unwrap(transport, key.privateKey())
                    : EcRecipient.unwrap((KeyAgreeRecipientInfo) found.get(0), key);
        } catch (UnopenedFileException e) {
            throw e;
        } catch (GeneralSecurityException e) {
            throw unopened(
                    Reason.CHANGED,
                    "the key of the file does not unwrap: it was changed, or is not for the"
                            + " private key that was given",
                    e);
        } catch (IOException | RuntimeException e) {
            // The library parses lazily, and throws whatever comes to it.
            throw unopened(Reason.MALFORMED, String.valueOf(e.getMessage()), e);
        }
    }

    private static UnopenedFileException unopened(Reason reason, String message, Exception cause) {
        UnopenedFileException unopened = new UnopenedFileException(reason, message);
        unopened.initCause(cause);
        return unopened;
    }

    private static List<RecipientInfo> infos(byte[] set) {
        ASN1Set parsed = (ASN1Set) DerForm.parse(set, ASN1Encoding.DER);
        if (parsed.size() < 1 || parsed.size() > RECIPIENTS_MAX) {
            throw new IllegalArgumentException(
                    "a file is sealed to 1 to " + RECIPIENTS_MAX + " recipients, found " + parsed.size());
        }
        List<RecipientInfo> infos = new ArrayList<>();
        for (ASN1Encodable info : parsed) {
            infos.add(RecipientInfo.getInstance(info));
        }
        return infos;
    }

    /** Returns the name of a recipient; empty text if it is one of another kind than is written here. */
    private static Object name(RecipientInfo info) {
        if (info.getInfo() instanceof KeyTransRecipientInfo transport) {
            return transport.getRecipientIdentifier().getId();
        }
        if (info.getInfo() instanceof KeyAgreeRecipientInfo agreement
                && agreement.getRecipientEncryptedKeys().size() == 1) {
            IssuerAndSerialNumber name = RecipientEncryptedKey.getInstance(
                            agreement.getRecipientEncryptedKeys().getObjectAt(0))
                    .getIdentifier()
                    .getIssuerAndSerialNumber();
            return name == null ? "" : name;
        }
        return "";
    }

    /** RFC 5652 section 10.2.4: who a certificate is meant by. */
    static IssuerAndSerialNumber name(X509Certificate certificate) throws CertificateEncodingException {
        return new IssuerAndSerialNumber(Certificate.getInstance(certificate.getEncoded()));
    }
}
