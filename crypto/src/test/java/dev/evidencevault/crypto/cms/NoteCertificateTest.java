package dev.evidencevault.crypto.cms;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.crypto.note.SignedNote;
import java.security.KeyPair;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.Test;

/** Certificates as keys of notes. */
class NoteCertificateTest {
    private static final TestPki PKI = new TestPki("notes");

    private static CertifiedKey issue(KeyPair keys) {
        return PKI.issue("mori", keys, KeyUsage.digitalSignature);
    }

    @Test
    void everyKindOfKeySigns() {
        for (KeyPair keys : List.of(TestPki.ec("secp256r1"), TestPki.ec("secp384r1"), TestPki.rsa(3072))) {
            CertifiedKey holder = issue(keys);
            NoteCertificate key = NoteCertificate.of("mori", holder.certificate());
            SignedNote note = key.sign("approved\n", holder);
            assertTrue(key.verifies(SignedNote.parse(note.format())));
            assertFalse(key.verifies(new SignedNote("refused\n", note.signatures())));
            SignedNote.Signature signature = note.signatures().get(0);
            byte[] bytes = Base64.getDecoder().decode(signature.bytes());
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] ^= 1;
                String flipped = Base64.getEncoder().encodeToString(bytes);
                assertFalse(key.verifies(new SignedNote(
                        note.text(), List.of(new SignedNote.Signature("mori", signature.keyId(), flipped)))));
                bytes[i] ^= 1;
            }
            assertTrue(NoteCertificate.isForm(key.format()));
            NoteCertificate parsed = NoteCertificate.parse(key.format());
            assertEquals(key, parsed);
            assertTrue(parsed.verifies(note));
            assertFalse(NoteCertificate.of("sato", holder.certificate()).verifies(note));
        }
    }

    @Test
    void anotherKeyDoesNotSignForIt() {
        CertifiedKey mori = issue(TestPki.ec("secp256r1"));
        CertifiedKey sato = issue(TestPki.ec("secp256r1"));
        NoteCertificate key = NoteCertificate.of("mori", mori.certificate());
        assertThrows(IllegalStateException.class, () -> key.sign("approved\n", sato));
        assertFalse(key.verifies(NoteCertificate.of("mori", sato.certificate()).sign("approved\n", sato)));
    }

    @Test
    void itIsValidWithinItsTimeOnly() {
        NoteCertificate key =
                NoteCertificate.of("mori", issue(TestPki.ec("secp256r1")).certificate());
        Instant before = key.certificate().getNotBefore().toInstant();
        assertTrue(key.isValidAt(before));
        assertTrue(key.isValidAt(TestPki.NOT_AFTER));
        assertFalse(key.isValidAt(before.minusSeconds(1)));
        assertFalse(key.isValidAt(TestPki.NOT_AFTER.plusSeconds(1)));
        assertFalse(key.isValidAt(Instant.MAX));
    }

    @Test
    void whatDoesNotSignIsRefused() {
        CertifiedKey other = PKI.issue("mori", TestPki.ec("secp256r1"), KeyUsage.keyAgreement);
        assertThrows(IllegalArgumentException.class, () -> NoteCertificate.of("mori", other.certificate()));
        CertifiedKey weak = issue(TestPki.rsa(2048));
        assertThrows(IllegalArgumentException.class, () -> NoteCertificate.of("mori", weak.certificate()));
        CertifiedKey good = issue(TestPki.ec("secp256r1"));
        assertThrows(IllegalArgumentException.class, () -> NoteCertificate.of("A Mori", good.certificate()));
    }

    @Test
    void anotherSpellingIsRefused() {
        String text = NoteCertificate.of("mori", issue(TestPki.ec("secp256r1")).certificate())
                .format();
        for (String bad : List.of(
                text + "AAAA",
                text.substring(0, text.length() - 8),
                text.replace("mori+", "sato+"),
                "mori+00000000+" + text.split("\\+", 3)[2],
                "mori+" + "/2V2aWRlbmNldmF1bHQuZGV2L3g1MDkvdjEK",
                "")) {
            assertThrows(IllegalArgumentException.class, () -> NoteCertificate.parse(bad), bad);
        }
        assertFalse(NoteCertificate.isForm("mori+434f1915+Aa9JJ9tgo7irAaDRWtR1aZk1mCxJo9GcE3eVdPqUvsmF"));
    }
}
