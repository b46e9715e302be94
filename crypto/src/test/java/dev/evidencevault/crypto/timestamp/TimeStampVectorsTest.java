package dev.evidencevault.crypto.timestamp;

import static dev.evidencevault.crypto.SharedFiles.shared;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.timestamp.TimeStampVerdict.Bad;
import dev.evidencevault.crypto.timestamp.TimeStampVerdict.Good;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.tsp.TimeStampResponse;
import org.junit.jupiter.api.Test;

/** The responses of sigstore-java, with the trust roots of sigstore. */
class TimeStampVectorsTest {
    private static final String FOLDER = "vectors/rfc3161-sigstore/";
    private static final Digest TEST = Digest.sha256("test\n".getBytes(StandardCharsets.UTF_8));
    private static final Digest FREETSA =
            Digest.parseHex("e49a897aac4c981921270a3f79e46885c9952fc5ba1ab4c0cdef380be7737481");

    private static byte[] response(String name) throws IOException {
        return Files.readAllBytes(shared(FOLDER + name));
    }

    private static X509Certificate certificate(byte[] der) throws Exception {
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
    }

    /** The certificates of all authorities of a trust root: the signer's first, its root last. */
    private static List<List<X509Certificate>> chains(String name) throws Exception {
        List<List<X509Certificate>> chains = new ArrayList<>();
        JsonNode root =
                new ObjectMapper().readTree(shared(FOLDER + "trustroot/" + name).toFile());
        for (JsonNode authority : root.path("timestampAuthorities")) {
            List<X509Certificate> chain = new ArrayList<>();
            for (JsonNode certificate : authority.path("certChain").path("certificates")) {
                chain.add(certificate(
                        Base64.getDecoder().decode(certificate.path("rawBytes").asText())));
            }
            chains.add(chain);
        }
        return chains;
    }

    private static List<X509Certificate> roots(List<List<X509Certificate>> chains) {
        return chains.stream().map(chain -> chain.get(chain.size() - 1)).toList();
    }

    @Test
    void tokenOfSigstoreWithItsCertificateVerifies() throws Exception {
        List<X509Certificate> roots = roots(chains("staging_trusted_root.json"));
        assertEquals(2, roots.size());
        TimeStamp stamp = TimeStamp.parse(response("valid/sigstage_tsa_response_with_embedded_certs.tsr"));
        Good expected = new Good(
                Instant.parse("2025-05-28T15:15:55Z"),
                Optional.of(Duration.ofSeconds(1)),
                new BigInteger("67116AC816D7C767A329380C8FD326C2B5910F5D", 16),
                "1.2.3.4",
                "CN=sigstore-tsa,O=sigstore.dev",
                Instant.parse("2035-03-26T08:14:06Z"),
                Instant.parse("2035-03-26T08:14:06Z"));
        assertEquals(expected, stamp.verify(TEST, roots));
        assertInstanceOf(Bad.class, stamp.verify(TEST, roots(chains("trusted_root.json"))));
        assertInstanceOf(Bad.class, stamp.verify(FREETSA, roots));
    }

    @Test
    void tokenWithoutCertificateVerifiesWithTheOneGiven() throws Exception {
        List<List<X509Certificate>> chains = chains("staging_trusted_root.json");
        TimeStamp stamp = TimeStamp.parse(response("valid/sigstage_tsa_response_without_embedded_certs.tsr"));
        Bad bad = assertInstanceOf(Bad.class, stamp.verify(TEST, roots(chains)));
        assertTrue(bad.reason().contains("none given"), bad.reason());
        assertEquals(
                Instant.parse("2025-05-28T15:17:58Z"),
                assertInstanceOf(Good.class, stamp.verify(TEST, roots(chains), chains.get(0)))
                        .time());
    }

    /** RSA 4096 and SHA-512, a signing certificate attribute with SHA-1, and certificates that are not sorted. */
    @Test
    void tokenOfFreeTsaVerifies() throws Exception {
        byte[] bytes = response("valid/freetsa_response.tsr");
        // No trust root of it stands beside: the one that the token carries stands in, which shows the format only.
        List<X509Certificate> roots = new ArrayList<>();
        for (X509CertificateHolder holder : new TimeStampResponse(bytes)
                .getTimeStampToken()
                .getCertificates()
                .getMatches(null)) {
            if (holder.getSubject().equals(holder.getIssuer())) {
                roots.add(certificate(holder.getEncoded()));
            }
        }
        assertEquals(1, roots.size());
        Good good = assertInstanceOf(Good.class, TimeStamp.parse(bytes).verify(FREETSA, roots));
        assertEquals(Instant.parse("2025-05-02T13:21:07Z"), good.time());
        assertEquals(Optional.empty(), good.accuracy());
        assertEquals(Instant.parse("2026-03-11T01:57:39Z"), good.chainNotAfter());
        assertTrue(good.authority().contains("EMAILADDRESS=busilezas@gmail.com"), good.authority());
        assertInstanceOf(Bad.class, TimeStamp.parse(bytes).verify(FREETSA, roots(chains("staging_trusted_root.json"))));
    }

    /** Their imprints are called SHA-256 and have 64 bytes, the digest in hexadecimal: of no digest that is read here. */
    @Test
    void tokensOverImprintsOfTheWrongLengthAreRefused() throws Exception {
        for (String name : List.of(
                "valid/sigstore_tsa_response_with_embedded_certs.tsr",
                "valid/sigstore_tsa_response_without_embedded_certs.tsr")) {
            byte[] bytes = response(name);
            String message = String.valueOf(assertThrows(IllegalArgumentException.class, () -> TimeStamp.parse(bytes))
                    .getMessage());
            assertTrue(message.contains("32 bytes, found 64"), message);
        }
    }

    @Test
    void theInvalidResponseIsRefused() throws Exception {
        byte[] bytes = response("invalid/sigstore_tsa_response_invalid.tsr");
        assertThrows(IllegalArgumentException.class, () -> TimeStamp.parse(bytes));
    }
}
