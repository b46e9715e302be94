package dev.evidencevault.crypto.timestamp;

import static dev.evidencevault.crypto.timestamp.HandmadeToken.NOT_AFTER;
import static dev.evidencevault.crypto.timestamp.HandmadeToken.ROOT_NOT_AFTER;
import static dev.evidencevault.crypto.timestamp.HandmadeToken.TIME;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.timestamp.LocalTimeStampAuthority.KeyType;
import dev.evidencevault.crypto.timestamp.TimeStampVerdict.Bad;
import dev.evidencevault.crypto.timestamp.TimeStampVerdict.Good;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.tsp.TSPAlgorithms;
import org.bouncycastle.tsp.TimeStampRequestGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeStampTest {
    private static final Instant NOW = Instant.parse("2026-05-01T12:00:00.75Z");
    private static final Digest DIGEST = Digest.sha256(new byte[] {1});
    private static final Digest OTHER = Digest.sha256(new byte[] {2});

    /** A clock that a test sets. */
    private static final class SetClock extends Clock {
        private Instant now = NOW;

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }
    }

    private static LocalTimeStampAuthority authority(KeyType keyType, Clock clock) {
        return LocalTimeStampAuthority.create("test", keyType, clock, new SecureRandom());
    }

    private static byte[] answer(LocalTimeStampAuthority authority, Digest digest) throws Exception {
        TimeStampRequestGenerator requests = new TimeStampRequestGenerator();
        requests.setCertReq(true);
        return authority.answer(requests.generate(TSPAlgorithms.SHA256, digest.bytes(), BigInteger.TEN)
                .getEncoded());
    }

    private static void assertBad(String words, TimeStampVerdict verdict) {
        String reason = assertInstanceOf(Bad.class, verdict).reason();
        assertTrue(reason.contains(words), reason);
    }

    private static void assertRefused(String words, byte[] response) {
        String message = String.valueOf(assertThrows(IllegalArgumentException.class, () -> TimeStamp.parse(response))
                .getMessage());
        assertTrue(message.contains(words), message);
    }

    @ParameterizedTest
    @EnumSource(KeyType.class)
    void tokensSayWhatTheAuthorityStamped(KeyType keyType) throws Exception {
        LocalTimeStampAuthority authority = authority(keyType, Clock.fixed(NOW, ZoneOffset.UTC));
        byte[] bytes = answer(authority, DIGEST);
        TimeStamp stamp = TimeStamp.parse(bytes);
        assertArrayEquals(bytes, stamp.bytes());
        assertEquals(DIGEST, stamp.imprint());
        assertEquals(BigInteger.TEN, stamp.nonce());
        Good good = assertInstanceOf(Good.class, stamp.verify(DIGEST, List.of(authority.root())));
        assertEquals(Instant.parse("2026-05-01T12:00:00Z"), good.time());
        assertEquals(Optional.of(Duration.ofSeconds(1)), good.accuracy());
        assertEquals("CN=test (proves nothing)", good.authority());
        assertEquals(Instant.parse("2027-05-01T11:00:00Z"), good.certificateNotAfter());
        assertEquals(good.certificateNotAfter(), good.chainNotAfter());
        assertEquals(127, good.serial().bitLength());
        assertTrue(good.policy().startsWith("2.25."), good.policy());
        Good next = assertInstanceOf(
                Good.class, TimeStamp.parse(answer(authority, DIGEST)).verify(DIGEST, List.of(authority.root())));
        assertNotEquals(good.serial(), next.serial());
    }

    @Test
    void anotherImprintIsBad() throws Exception {
        LocalTimeStampAuthority authority = authority(KeyType.ECDSA_P256, Clock.fixed(NOW, ZoneOffset.UTC));
        TimeStamp stamp = TimeStamp.parse(answer(authority, DIGEST));
        assertBad("expected a time stamp of " + OTHER, stamp.verify(OTHER, List.of(authority.root())));
        assertThrows(IllegalArgumentException.class, () -> stamp.verify(DIGEST, List.of()));
    }

    @Test
    void anotherTrustAnchorIsBadThoughOfTheSameName() throws Exception {
        Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
        LocalTimeStampAuthority authority = authority(KeyType.ECDSA_P256, clock);
        LocalTimeStampAuthority other = authority(KeyType.ECDSA_P256, clock);
        TimeStamp stamp = TimeStamp.parse(answer(authority, DIGEST));
        assertBad("to a trust anchor", stamp.verify(DIGEST, List.of(other.root())));
        assertInstanceOf(Good.class, stamp.verify(DIGEST, List.of(other.root(), authority.root())));
        assertBad("to a trust anchor", stamp.verify(DIGEST, List.of(other.root()), List.of(authority.root())));
    }

    /** Whatever byte of an answer changes: it is refused, or bad, or says the same. */
    @ParameterizedTest
    @EnumSource(KeyType.class)
    void changedBytesNeverSaySomethingElse(KeyType keyType) throws Exception {
        LocalTimeStampAuthority authority = authority(keyType, Clock.fixed(NOW, ZoneOffset.UTC));
        byte[] bytes = answer(authority, DIGEST);
        TimeStampVerdict said = TimeStamp.parse(bytes).verify(DIGEST, List.of(authority.root()));
        assertInstanceOf(Good.class, said);
        int refused = 0;
        int bad = 0;
        List<Integer> same = new ArrayList<>();
        for (int at = 0; at < bytes.length; at++) {
            for (int change : new int[] {0x01, 0x80, 0x02 << at % 6}) {
                byte[] changed = bytes.clone();
                changed[at] ^= (byte) change;
                try {
                    TimeStampVerdict verdict = TimeStamp.parse(changed).verify(DIGEST, List.of(authority.root()));
                    if (verdict instanceof Good) {
                        assertEquals(said, verdict, "byte " + at);
                        same.add(at);
                    } else {
                        bad++;
                    }
                } catch (IllegalArgumentException e) {
                    refused++;
                }
            }
        }
        System.out.println(keyType + ": " + bytes.length + " bytes, each changed three times: " + refused + " refused, "
                + bad + " bad, the same verdict at " + same);
        // Not signed: the status, granted or granted with modifications, and capitals in the name of the certificate's
        // issuer, which do not matter in names (RFC 5280 section 7.1). The certificate is bound by its hash.
        assertTrue(same.remove(Integer.valueOf(8)));
        int issuer = new String(bytes, StandardCharsets.ISO_8859_1).lastIndexOf("test root (proves nothing)");
        for (int at : same) {
            assertTrue(at >= issuer && at < issuer + 26 && Character.isLetter(bytes[at]), "byte " + at);
        }
    }

    @Test
    void cutAndLengthenedAnswersAreRefused() throws Exception {
        byte[] bytes = answer(authority(KeyType.ECDSA_P256, Clock.fixed(NOW, ZoneOffset.UTC)), DIGEST);
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThrows(IllegalArgumentException.class, () -> TimeStamp.parse(cut), "length " + length);
        }
        assertRefused("bytes behind it", Arrays.copyOf(bytes, bytes.length + 1));
        assertRefused("at most 65536 bytes", new byte[TimeStamp.BYTES_MAX + 1]);
    }

    /** The reader of the library would follow any depth, until the stack is full. */
    @Test
    void deepAnswersAreRefused() {
        byte[] nested = new byte[0];
        while (nested.length < TimeStamp.BYTES_MAX - 8) {
            int length = nested.length;
            byte[] head = length < 0x80
                    ? new byte[] {0x30, (byte) length}
                    : length < 0x100
                            ? new byte[] {0x30, (byte) 0x81, (byte) length}
                            : new byte[] {0x30, (byte) 0x82, (byte) (length >> 8), (byte) length};
            byte[] next = Arrays.copyOf(head, head.length + length);
            System.arraycopy(nested, 0, next, head.length, length);
            nested = next;
        }
        assertRefused("levels", nested);
    }

    @Test
    void otherSpellingsAreRefused() throws Exception {
        byte[] bytes = answer(authority(KeyType.ECDSA_P256, Clock.fixed(NOW, ZoneOffset.UTC)), DIGEST);
        ASN1Primitive value = ASN1Primitive.fromByteArray(bytes);
        assertArrayEquals(bytes, value.getEncoded(ASN1Encoding.DER));
        // 30 82 xx xx with the length in three bytes, and indefinite with its end.
        byte[] long3 = new byte[bytes.length + 1];
        System.arraycopy(bytes, 0, long3, 1, bytes.length);
        long3[0] = 0x30;
        long3[1] = (byte) 0x83;
        long3[2] = 0;
        assertRefused("fewest bytes", long3);
        byte[] indefinite = Arrays.copyOfRange(bytes, 2, bytes.length + 2);
        indefinite[0] = 0x30;
        indefinite[1] = (byte) 0x80;
        assertRefused("length", indefinite);
    }

    @Test
    void rejectionsAreRefusedWithTheirReasons() throws Exception {
        LocalTimeStampAuthority authority = authority(KeyType.ECDSA_P256, Clock.fixed(NOW, ZoneOffset.UTC));
        assertRefused(
                "found rejection, failure badDataFormat, \"not a time stamp request\"",
                authority.answer(new byte[] {1}));
        byte[] sha512 = new TimeStampRequestGenerator()
                .generate(TSPAlgorithms.SHA512, new byte[64])
                .getEncoded();
        assertRefused("found rejection, failure badAlg", authority.answer(sha512));
    }

    @Test
    void certificatesThatWereNotValidThenAreBad() throws Exception {
        SetClock clock = new SetClock();
        LocalTimeStampAuthority authority = authority(KeyType.ECDSA_P256, clock);
        clock.now = Instant.parse("2027-05-01T11:00:00Z");
        assertInstanceOf(
                Good.class, TimeStamp.parse(answer(authority, DIGEST)).verify(DIGEST, List.of(authority.root())));
        clock.now = Instant.parse("2027-05-01T11:00:01Z");
        TimeStamp late = TimeStamp.parse(answer(authority, DIGEST));
        assertBad("certificate", late.verify(DIGEST, List.of(authority.root())));
        clock.now = Instant.parse("2026-05-01T10:59:59Z");
        TimeStamp early = TimeStamp.parse(answer(authority, DIGEST));
        assertBad("not valid when time stamp created", early.verify(DIGEST, List.of(authority.root())));
    }

    @Test
    void allCertificatesOfTheChainCount() throws Exception {
        HandmadeToken token = new HandmadeToken();
        Instant before = NOT_AFTER.minusSeconds(1);
        token.betweenNotAfter = Optional.of(before);
        Good good = assertInstanceOf(Good.class, token.verdict());
        assertEquals(NOT_AFTER, good.certificateNotAfter());
        assertEquals(before, good.chainNotAfter());
        token.betweenNotAfter = Optional.of(TIME.minusSeconds(1));
        assertBad("valid at 2026-03-01T12:00:00Z", token.verdict());
        token.betweenNotAfter = Optional.empty();
        token.rootNotAfter = TIME.minusSeconds(1);
        assertBad("no trust anchor was valid", token.verdict());
        token.rootNotAfter = TIME;
        assertEquals(TIME, assertInstanceOf(Good.class, token.verdict()).chainNotAfter());
        token.rootNotAfter = ROOT_NOT_AFTER;
        token.notAfter = TIME.minusSeconds(1);
        assertBad("certificate", token.verdict());
    }

    @Test
    void anIssuerThatIsLimitedToOtherPurposesMakesNoAuthority() throws Exception {
        HandmadeToken token = new HandmadeToken();
        token.betweenNotAfter = Optional.of(NOT_AFTER);
        token.betweenUsage = Optional.of(HandmadeToken.usage(false, KeyPurposeId.id_kp_serverAuth));
        assertBad("CN=Between is for other purposes", token.verdict());
        for (KeyPurposeId purpose : List.of(KeyPurposeId.id_kp_timeStamping, KeyPurposeId.anyExtendedKeyUsage)) {
            token.betweenUsage = Optional.of(HandmadeToken.usage(false, KeyPurposeId.id_kp_serverAuth, purpose));
            assertInstanceOf(Good.class, token.verdict());
        }
    }

    @Test
    void withoutTrustTheSignatureCountsAndTheImprint() throws Exception {
        LocalTimeStampAuthority authority = authority(KeyType.ECDSA_P256, Clock.fixed(NOW, ZoneOffset.UTC));
        TimeStamp.Unvouched said = authority.stamp(DIGEST).requireSigned(DIGEST);
        assertEquals(Instant.parse("2026-05-01T12:00:00Z"), said.time());
        assertEquals("CN=test (proves nothing)", said.authority());
        assertEquals(Instant.parse("2027-05-01T11:00:00Z"), said.certificateNotAfter());
        assertThrows(
                GeneralSecurityException.class, () -> authority.stamp(DIGEST).requireSigned(OTHER));
        byte[] bytes = answer(authority, DIGEST);
        bytes[bytes.length - 3] ^= 1;
        TimeStamp changed = TimeStamp.parse(bytes);
        assertThrows(GeneralSecurityException.class, () -> changed.requireSigned(DIGEST));
    }

    /** Certificates that issue each other, of which an attacker can put many into a token, are not tried in every order. */
    @Test
    @Timeout(60)
    void certificatesInCirclesComeToAnEnd() throws Exception {
        HandmadeToken token = new HandmadeToken();
        token.loops = 6;
        assertBad("to a trust anchor", token.verdict());
        token.loops = 15;
        assertInstanceOf(Bad.class, token.verdict());
    }

    @Test
    void certificatesForOtherPurposesAreBad() throws Exception {
        HandmadeToken token = new HandmadeToken();
        assertInstanceOf(Good.class, token.verdict());
        token.extendedKeyUsage = Optional.empty();
        assertBad("ExtendedKeyUsage", token.verdict());
        token.extendedKeyUsage = Optional.of(HandmadeToken.usage(false, KeyPurposeId.id_kp_timeStamping));
        assertBad("critical", token.verdict());
        token.extendedKeyUsage = Optional.of(HandmadeToken.usage(true, KeyPurposeId.id_kp_codeSigning));
        assertBad("ExtendedKeyUsage", token.verdict());
        token.extendedKeyUsage =
                Optional.of(HandmadeToken.usage(true, KeyPurposeId.id_kp_timeStamping, KeyPurposeId.id_kp_codeSigning));
        assertBad("ExtendedKeyUsage", token.verdict());
        token = new HandmadeToken();
        token.keyUsage = Optional.of(new KeyUsage(KeyUsage.keyEncipherment));
        assertBad("digitalSignature", token.verdict());
        token.keyUsage = Optional.empty();
        assertInstanceOf(Good.class, token.verdict());
    }

    @Test
    void theTokenIsBoundToItsCertificateAndName() throws Exception {
        HandmadeToken token = new HandmadeToken();
        token.certificateHash = Optional.of(OTHER);
        assertBad("hash", token.verdict());
        token = new HandmadeToken();
        token.tsa = Optional.of(new X500Name("CN=Somebody"));
        assertBad("CN=Somebody", token.verdict());
        token.tsa = Optional.empty();
        assertInstanceOf(Good.class, token.verdict());
    }

    @ParameterizedTest
    @CsvSource({
        "EC, 384, SHA384withECDSA",
        "EC, 521, SHA512withECDSA",
        "RSA, 2048, SHA512withRSA",
        "RSA, 2048, SHA256withRSAandMGF1",
        "Ed25519, 0, Ed25519"
    })
    void usualAlgorithmsAreRead(String keys, int bits, String signature) throws Exception {
        HandmadeToken token = new HandmadeToken();
        token.keys = HandmadeToken.keys(keys, bits);
        token.signature = signature;
        assertInstanceOf(Good.class, token.verdict(), () -> "verdict of " + signature);
    }

    @ParameterizedTest
    @CsvSource({"EC, 256, SHA1withECDSA", "RSA, 2048, SHA1withRSA", "RSA, 2048, SHA1withRSAandMGF1"})
    void signaturesOverSha1AreBad(String keys, int bits, String signature) throws Exception {
        HandmadeToken token = new HandmadeToken();
        token.keys = HandmadeToken.keys(keys, bits);
        token.signature = signature;
        assertBad("expected SHA-2", token.verdict());
    }

    @Test
    void timesAreReadToTheNanosecond() throws Exception {
        HandmadeToken token = new HandmadeToken();
        token.time = "20260301120000.123456789Z";
        assertEquals(
                Instant.parse("2026-03-01T12:00:00.123456789Z"),
                assertInstanceOf(Good.class, token.verdict()).time());
        token.time = "20260301120000.5Z";
        assertEquals(
                Instant.parse("2026-03-01T12:00:00.5Z"),
                assertInstanceOf(Good.class, token.verdict()).time());
    }

    /** The library allows a minute beside the accuracy. */
    @Test
    void aSigningTimeFarFromTheTimeIsRefused() throws Exception {
        HandmadeToken token = new HandmadeToken();
        token.signingTime = TIME.plusSeconds(60);
        assertInstanceOf(Good.class, token.verdict());
        token.signingTime = TIME.plusSeconds(61);
        assertThrows(IllegalArgumentException.class, token::make);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "202603011200Z",
                "20260301120000.50Z",
                "20260301120000.Z",
                "20260301120000+0900",
                "20260230120000Z"
            })
    void timesInAnotherSpellingAreRefused(String time) {
        HandmadeToken token = new HandmadeToken();
        token.time = time;
        assertThrows(IllegalArgumentException.class, token::make);
    }

    @Test
    void imprintsOfAnotherKindAreRefused() {
        HandmadeToken token = new HandmadeToken();
        token.imprint = new byte[64];
        assertThrows(IllegalArgumentException.class, token::make);
        token.imprint = new byte[32];
        token.imprintAlgorithm = new ASN1ObjectIdentifier("2.16.840.1.101.3.4.2.8");
        assertThrows(IllegalArgumentException.class, token::make);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"ftp://example.org/", "/tsa", "http:tsa", "http://user@example.org/", "https://example.org/#a"})
    void addressesOfAnotherKindAreRefused(String uri) {
        LocalTimeStampAuthority authority = authority(KeyType.ECDSA_P256, Clock.fixed(NOW, ZoneOffset.UTC));
        assertThrows(IllegalArgumentException.class, () -> authority.at(URI.create(uri)));
    }
}
