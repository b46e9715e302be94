package dev.evidencevault.crypto.cms;

import dev.evidencevault.crypto.merkle.Digest;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.cms.AttributeTable;
import org.bouncycastle.asn1.cms.CMSAttributes;
import org.bouncycastle.asn1.cms.Time;
import org.bouncycastle.asn1.ess.ESSCertIDv2;
import org.bouncycastle.asn1.ess.SigningCertificateV2;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.cms.CMSAttributeTableGenerator;
import org.bouncycastle.cms.DefaultSignedAttributeTableGenerator;

/** Signed attributes as another program would write them. */
final class TestAttributes {
    private TestAttributes() {}

    static CMSAttributeTableGenerator of(X509Certificate certificate, Instant time) throws Exception {
        ASN1EncodableVector more = new ASN1EncodableVector();
        more.add(new Attribute(
                PKCSObjectIdentifiers.id_aa_signingCertificateV2,
                new DERSet(new SigningCertificateV2(
                        new ESSCertIDv2(Digest.sha256(certificate.getEncoded()).bytes())))));
        more.add(new Attribute(CMSAttributes.signingTime, new DERSet(new Time(Date.from(time)))));
        return new DefaultSignedAttributeTableGenerator(new AttributeTable(more));
    }
}
