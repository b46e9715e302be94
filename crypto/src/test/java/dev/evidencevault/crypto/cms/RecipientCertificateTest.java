package dev.evidencevault.crypto.cms;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.KeyPair;
import java.time.Instant;
import java.util.Locale;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.Test;

class RecipientCertificateTest {
    private static final TestPki PKI = new TestPki("test");

    private static void assertRefused(String words, KeyPair keys, int usage, Instant now) {
        CertifiedKey key = PKI.issue("Court", keys, usage);
        String message = String.valueOf(
                assertThrows(IllegalArgumentException.class, () -> RecipientCertificate.check(key.certificate(), now))
                        .getMessage());
        assertTrue(message.contains(words), message);
    }

    @Test
    void unfitCertificatesAreRefused() {
        KeyPair curve = TestPki.ec("secp256r1");
        KeyPair rsa = TestPki.rsa(2048);
        assertRefused("for keyAgreement", curve, KeyUsage.digitalSignature | KeyUsage.keyEncipherment, TestPki.NOW);
        assertRefused("for keyEncipherment", rsa, KeyUsage.digitalSignature | KeyUsage.keyAgreement, TestPki.NOW);
        assertRefused("ask for a new one", curve, KeyUsage.keyAgreement, TestPki.NOT_AFTER.plusSeconds(1));
        assertRefused("ask for a new one", curve, KeyUsage.keyAgreement, TestPki.FROM.minusSeconds(100_000));
        assertRefused("2048 to 16384 bits", TestPki.rsa(1024), KeyUsage.keyEncipherment, TestPki.NOW);
    }

    @Test
    void fingerprintsAreReadAloudInGroups() {
        CertifiedKey key = PKI.issue("Court", TestPki.ec("secp384r1"), KeyUsage.keyAgreement);
        RecipientCertificate recipient = RecipientCertificate.check(key.certificate(), TestPki.NOW);
        String text = recipient.fingerprint().toString();
        assertTrue(text.matches("[0-9A-F]{4}( [0-9A-F]{4}){15}"), text);
        assertEquals(recipient.fingerprint().digest().hex().toUpperCase(Locale.ROOT), text.replace(" ", ""));
        assertEquals("CN=Court", recipient.toString());
    }
}
