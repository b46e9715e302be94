package dev.evidencevault.crypto.cms;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.crypto.cms.CadesVerdict.Failed;
import dev.evidencevault.crypto.cms.CadesVerdict.Indeterminate;
import dev.evidencevault.crypto.cms.CadesVerdict.Passed;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.timestamp.LocalTimeStampAuthority;
import dev.evidencevault.crypto.timestamp.LocalTimeStampAuthority.KeyType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoGeneratorBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CadesSignatureTest {
    private static final byte[] CONTENT = "the manifest".getBytes(StandardCharsets.UTF_8);
    private static final int SIGNING = KeyUsage.digitalSignature | KeyUsage.nonRepudiation;
    private static final TestPki PKI = new TestPki("test");
    private static final Clock CLOCK = Clock.fixed(TestPki.NOW, ZoneOffset.UTC);
    private static final LocalTimeStampAuthority AUTHORITY = authority(TestPki.NOW);

    private static LocalTimeStampAuthority authority(Instant time) {
        return LocalTimeStampAuthority.create(
                "tsa", KeyType.ECDSA_P256, Clock.fixed(time, ZoneOffset.UTC), new SecureRandom());
    }

    private static SignatureStamping stamping(LocalTimeStampAuthority authority) {
        return digest -> authority.stamp(digest).bytes();
    }

    static KeyPair keys(SignatureAlgorithm algorithm) {
        return switch (algorithm) {
            case ECDSA_P256_SHA256 -> TestPki.ec("secp256r1");
            case ECDSA_P384_SHA384 -> TestPki.ec("secp384r1");
            case RSA_PSS_SHA256, RSA_PSS_SHA384, RSA_PKCS1_SHA256, RSA_PKCS1_SHA384 -> TestPki.rsa(3072);
        };
    }

    private static byte[] sign(CadesSigner signer) throws Exception {
        return signer.sign(new ByteArrayInputStream(CONTENT)).bytes();
    }

    private static byte[] stamped() throws Exception {
        return sign(CadesSigner.of(PKI.signer("Alice"), CLOCK).withTimeStamps(stamping(AUTHORITY)));
    }

    private static SignatureTrust trust(Instant now, X509Certificate... authorities) {
        return new SignatureTrust(List.of(PKI.root()), List.of(authorities), now);
    }

    private static CadesVerdict verify(byte[] signature, byte[] content, SignatureTrust trust) throws IOException {
        return CadesSignature.parse(signature).verify(new ByteArrayInputStream(content), trust);
    }

    private static void assertUnsure(String words, CadesVerdict verdict) {
        String reason = assertInstanceOf(Indeterminate.class, verdict).reason();
        assertTrue(reason.contains(words), reason);
    }

    private static void assertFailed(String words, CadesVerdict verdict) {
        String reason = assertInstanceOf(Failed.class, verdict).reason();
        assertTrue(reason.contains(words), reason);
    }

    @ParameterizedTest
    @EnumSource(SignatureAlgorithm.class)
    void signaturesPassAndSayWhoSigned(SignatureAlgorithm algorithm) throws Exception {
        CertifiedKey key = PKI.issue("Alice", keys(algorithm), SIGNING);
        byte[] signature = sign(CadesSigner.of(key, algorithm, CLOCK));
        Passed passed = assertInstanceOf(Passed.class, verify(signature, CONTENT, trust(TestPki.NOW)));
        assertEquals("CN=Alice", passed.signer().subject());
        assertEquals(Fingerprint.of(key.certificate()), passed.signer().fingerprint());
        assertEquals(TestPki.NOW, passed.signer().claimedTime());
        assertEquals(TestPki.NOT_AFTER, passed.chainNotAfter());
        assertEquals(Optional.empty(), passed.stamp());
        assertArrayEquals(signature, CadesSignature.parse(signature).bytes());
        assertEquals(key.certificate(), CadesSignature.parse(signature).certificate());
        assertFailed("the content does not have", verify(signature, new byte[] {1}, trust(TestPki.NOW)));
    }

    @Test
    void stampedSignaturesAreJudgedAtTheTimeOfTheStamp() throws Exception {
        byte[] signature = stamped();
        Instant later = TestPki.NOT_AFTER.plus(Duration.ofDays(400));
        Passed passed = assertInstanceOf(Passed.class, verify(signature, CONTENT, trust(later, AUTHORITY.root())));
        assertEquals(TestPki.NOW, passed.stamp().orElseThrow().time());
        assertUnsure("valid at " + later, verify(signature, CONTENT, trust(later)));
        assertInstanceOf(Passed.class, verify(signature, CONTENT, trust(TestPki.NOW)));
    }

    @Test
    void whoIsNotTrustedIsNotKnown() throws Exception {
        byte[] signature = stamped();
        TestPki other = new TestPki("test");
        List<X509Certificate> authorities = List.of(AUTHORITY.root());
        assertUnsure(
                "to a trust anchor",
                verify(signature, CONTENT, new SignatureTrust(List.of(other.root()), authorities, TestPki.NOW)));
        assertUnsure(
                "expected a trust anchor",
                verify(signature, CONTENT, new SignatureTrust(List.of(), authorities, TestPki.NOW)));
        assertUnsure(
                "to a trust anchor",
                verify(
                        signature,
                        CONTENT,
                        trust(TestPki.NOW, authority(TestPki.NOW).root())));
        byte[] unstamped = sign(CadesSigner.of(PKI.signer("Alice"), CLOCK));
        assertUnsure(
                "expected a time stamp over the signature, found none",
                verify(unstamped, CONTENT, trust(TestPki.NOW, AUTHORITY.root())));
    }

    @Test
    void aSignersCertificateCanBeTrustedItself() throws Exception {
        CertifiedKey issued = PKI.signer("Alice");
        CertifiedKey selfSigned = TestPki.selfSigned("Bob");
        for (CertifiedKey key : List.of(issued, selfSigned)) {
            byte[] signature = sign(CadesSigner.of(key, CLOCK));
            SignatureTrust trust = new SignatureTrust(List.of(key.certificate()), List.of(), TestPki.NOW);
            Passed passed = assertInstanceOf(Passed.class, verify(signature, CONTENT, trust));
            assertEquals(TestPki.NOT_AFTER, passed.chainNotAfter());
            trust = new SignatureTrust(List.of(PKI.signer("Alice").certificate()), List.of(), TestPki.NOW);
            assertUnsure("to a trust anchor", verify(signature, CONTENT, trust));
        }
    }

    @Test
    void timesThatContradictFail() throws Exception {
        LocalTimeStampAuthority early = authority(TestPki.NOW.minus(Duration.ofMinutes(2)));
        byte[] signature = sign(CadesSigner.of(PKI.signer("Alice"), CLOCK).withTimeStamps(stamping(early)));
        assertFailed(
                "the signature says that it was made at", verify(signature, CONTENT, trust(TestPki.NOW, early.root())));
        LocalTimeStampAuthority close = authority(TestPki.NOW.minus(Duration.ofSeconds(30)));
        signature = sign(CadesSigner.of(PKI.signer("Alice"), CLOCK).withTimeStamps(stamping(close)));
        assertInstanceOf(Passed.class, verify(signature, CONTENT, trust(TestPki.NOW, close.root())));
        assertUnsure("and now it is", verify(signature, CONTENT, trust(TestPki.NOW.minus(Duration.ofDays(1)))));
    }

    @Test
    void aStampOfSomethingElseIsNotTaken() {
        byte[] other = AUTHORITY.stamp(Digest.sha256(new byte[] {1})).bytes();
        CadesSigner signer = CadesSigner.of(PKI.signer("Alice"), CLOCK).withTimeStamps(digest -> other);
        String message = String.valueOf(
                assertThrows(IOException.class, () -> sign(signer)).getMessage());
        assertTrue(message.contains("was not stamped: expected a time stamp of"), message);
        CadesSigner away = signer.withTimeStamps(digest -> {
            throw new IOException("away");
        });
        assertEquals("away", assertThrows(IOException.class, () -> sign(away)).getMessage());
    }

    @Test
    void aStampOfAnotherSignatureFails() throws Exception {
        byte[] one = stamped();
        byte[] two = stamped();
        byte[] token = CadesSignature.parse(one).stamp().orElseThrow().token();
        byte[] other = CadesSignature.parse(two).stamp().orElseThrow().token();
        for (int tries = 0; other.length != token.length && tries < 100; tries++) {
            two = stamped();
            other = CadesSignature.parse(two).stamp().orElseThrow().token();
        }
        byte[] swapped = one.clone();
        System.arraycopy(other, 0, swapped, one.length - token.length, token.length);
        assertFailed(
                "the time stamp over the signature does not verify",
                verify(swapped, CONTENT, trust(TestPki.NOW, AUTHORITY.root())));
        assertFailed("does not verify", verify(swapped, CONTENT, trust(TestPki.NOW)));
    }

    @Test
    void certificatesHaveToBeForSignatures() {
        CertifiedKey sealing = PKI.issue("Alice", TestPki.ec("secp256r1"), KeyUsage.keyAgreement);
        assertRefused("neither digitalSignature", () -> CadesSigner.of(sealing, CLOCK));
        CertifiedKey shortKey = PKI.issue("Alice", TestPki.rsa(2048), SIGNING);
        assertRefused("3072 to 16384 bits, found one of 2048", () -> CadesSigner.of(shortKey, CLOCK));
        CertifiedKey curve = PKI.issue("Alice", TestPki.ec("secp256r1"), SIGNING);
        assertRefused(
                "expected a key of EC_P384", () -> CadesSigner.of(curve, SignatureAlgorithm.ECDSA_P384_SHA384, CLOCK));
        CertifiedKey ended = PKI.issue("Alice", TestPki.ec("secp256r1"), SIGNING, TestPki.NOW.minusSeconds(1));
        assertRefused("valid at", () -> CadesSigner.of(ended, CLOCK));
    }

    private static void assertRefused(String words, org.junit.jupiter.api.function.Executable call) {
        String message = String.valueOf(
                assertThrows(IllegalArgumentException.class, call).getMessage());
        assertTrue(message.contains(words), message);
    }

    /** What others sign, of the same form but not with what is accepted here. */
    private static byte[] foreign(CertifiedKey key, String algorithm, boolean attached) throws Exception {
        CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
        generator.addSignerInfoGenerator(new JcaSimpleSignerInfoGeneratorBuilder()
                .setSignedAttributeGenerator(TestAttributes.of(key.certificate(), TestPki.NOW))
                .build(algorithm, key.privateKey(), key.certificate()));
        generator.addCertificates(new JcaCertStore(key.chain()));
        return generator
                .generate(new CMSProcessableByteArray(CONTENT), attached)
                .toASN1Structure()
                .getEncoded(ASN1Encoding.DL);
    }

    @Test
    void othersSignaturesAreJudgedToo() throws Exception {
        CertifiedKey alice = PKI.signer("Alice");
        assertInstanceOf(Passed.class, verify(foreign(alice, "SHA256withECDSA", false), CONTENT, trust(TestPki.NOW)));
        assertUnsure(
                "expected a signature by ECDSA or RSA",
                verify(foreign(alice, "SHA512withECDSA", false), CONTENT, trust(TestPki.NOW)));
        CertifiedKey shortKey = PKI.issue("Alice", TestPki.rsa(2048), SIGNING);
        assertUnsure(
                "3072 to 16384 bits", verify(foreign(shortKey, "SHA256withRSA", false), CONTENT, trust(TestPki.NOW)));
        CertifiedKey sealing = PKI.issue("Alice", TestPki.ec("secp256r1"), KeyUsage.keyAgreement);
        assertUnsure(
                "neither digitalSignature",
                verify(foreign(sealing, "SHA256withECDSA", false), CONTENT, trust(TestPki.NOW)));
        assertRefused(
                "content of type data that lies elsewhere",
                () -> CadesSignature.parse(foreign(alice, "SHA256withECDSA", true)));
    }

    /**
     * Whatever bit pattern a byte changes by, the signature is refused or does not pass. One thing is the same in other
     * letters: the name by which the token says who issued its certificate, where X.509 does not tell A from a.
     */
    @Test
    void changedBytesNeverPass() throws Exception {
        byte[] signature = stamped();
        SignatureTrust trust = trust(TestPki.NOW, AUTHORITY.root());
        assertInstanceOf(Passed.class, verify(signature, CONTENT, trust));
        String text = new String(signature, StandardCharsets.ISO_8859_1);
        String name = "tsa root (proves nothing)";
        int nameFrom = text.lastIndexOf(name);
        for (int at = 0; at < signature.length; at++) {
            for (int bits : new int[] {1 << at % 8, 0x20}) {
                byte[] changed = signature.clone();
                changed[at] ^= (byte) bits;
                boolean letter = bits == 0x20
                        && at >= nameFrom
                        && at < nameFrom + name.length()
                        && Character.isLetter(signature[at]);
                assertEquals(letter, passes(changed, trust), "byte " + at + " of " + signature.length + " by " + bits);
            }
        }
    }

    @Test
    void cutOrLongerSignaturesAreRefused() throws Exception {
        byte[] signature = sign(CadesSigner.of(PKI.signer("Alice"), CLOCK));
        for (int length = 0; length < signature.length; length++) {
            byte[] cut = Arrays.copyOf(signature, length);
            assertThrows(IllegalArgumentException.class, () -> CadesSignature.parse(cut));
        }
        byte[] longer = Arrays.copyOf(signature, signature.length + 1);
        assertThrows(IllegalArgumentException.class, () -> CadesSignature.parse(longer));
        assertRefused("at most 262144 bytes", () -> CadesSignature.parse(new byte[CadesSignature.BYTES_MAX + 1]));
    }

    private static boolean passes(byte[] signature, SignatureTrust trust) throws IOException {
        try {
            return verify(signature, CONTENT, trust) instanceof Passed;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
