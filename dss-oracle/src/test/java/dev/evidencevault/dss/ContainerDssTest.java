package dev.evidencevault.dss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.crypto.asic.AsicWriter;
import dev.evidencevault.crypto.cms.CadesSigner;
import dev.evidencevault.crypto.cms.CertifiedKey;
import dev.evidencevault.crypto.cms.SignatureAlgorithm;
import dev.evidencevault.crypto.cms.TestPki;
import dev.evidencevault.crypto.timestamp.LocalTimeStampAuthority;
import dev.evidencevault.crypto.timestamp.LocalTimeStampAuthority.KeyType;
import dev.evidencevault.crypto.zip.StoredZip;
import dev.evidencevault.crypto.zip.StoredZip.Source;
import eu.europa.esig.dss.diagnostic.SignatureWrapper;
import eu.europa.esig.dss.diagnostic.TimestampWrapper;
import eu.europa.esig.dss.diagnostic.jaxb.XmlSignatureScope;
import eu.europa.esig.dss.enumerations.Indication;
import eu.europa.esig.dss.enumerations.SignatureLevel;
import eu.europa.esig.dss.enumerations.SubIndication;
import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.model.x509.CertificateToken;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.validation.SignedDocumentValidator;
import eu.europa.esig.dss.validation.reports.Reports;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * EU DSS finds containers to be CAdES-BASELINE-T over all of their files. It does not pass them, because the certificates of
 * the tests come without revocation data; what is changed it fails.
 */
class ContainerDssTest {
    private static final TestPki PKI = new TestPki("test");
    private static final Clock CLOCK = Clock.fixed(TestPki.NOW, ZoneOffset.UTC);
    private static final LocalTimeStampAuthority AUTHORITY =
            LocalTimeStampAuthority.create("tsa", KeyType.RSA_2048, CLOCK, new SecureRandom());
    private static final Set<String> NAMES = Set.of("bag/a.txt", "bag/data/b.txt");

    @TempDir
    private Path folder;

    private static Source source(String name, byte[] bytes) {
        return new Source(name, () -> new ByteArrayInputStream(bytes));
    }

    private static CadesSigner signer(SignatureAlgorithm algorithm) {
        KeyPair keys = switch (algorithm) {
            case ECDSA_P256_SHA256 -> TestPki.ec("secp256r1");
            case ECDSA_P384_SHA384 -> TestPki.ec("secp384r1");
            case RSA_PSS_SHA256, RSA_PSS_SHA384, RSA_PKCS1_SHA256, RSA_PKCS1_SHA384 -> TestPki.rsa(3072);
        };
        CertifiedKey key = PKI.issue("Seal", keys, KeyUsage.digitalSignature | KeyUsage.nonRepudiation);
        return CadesSigner.of(key, algorithm, CLOCK)
                .withTimeStamps(digest -> AUTHORITY.stamp(digest).bytes());
    }

    private Path container(SignatureAlgorithm algorithm) throws Exception {
        Path container = folder.resolve("evidence.asice");
        List<Source> files = new ArrayList<>();
        for (String name : NAMES) {
            files.add(source(name, name.getBytes(StandardCharsets.UTF_8)));
        }
        AsicWriter.create(container, files, signer(algorithm));
        return container;
    }

    private static Reports validated(Path container) {
        CommonTrustedCertificateSource trusted = new CommonTrustedCertificateSource();
        trusted.addCertificate(new CertificateToken(PKI.root()));
        trusted.addCertificate(new CertificateToken(AUTHORITY.root()));
        CommonCertificateVerifier verifier = new CommonCertificateVerifier();
        verifier.setTrustedCertSources(trusted);
        verifier.setAIASource(null);
        SignedDocumentValidator validator = SignedDocumentValidator.fromDocument(new FileDocument(container.toFile()));
        validator.setCertificateVerifier(verifier);
        validator.setValidationTime(Date.from(TestPki.NOW.plus(Duration.ofDays(1))));
        return validator.validateDocument();
    }

    private static void assertWhole(Reports reports, int signatures) {
        List<String> ids = reports.getSimpleReport().getSignatureIdList();
        assertEquals(signatures, ids.size());
        for (String id : ids) {
            SignatureWrapper signature = reports.getDiagnosticData().getSignatureById(id);
            assertEquals(SignatureLevel.CAdES_BASELINE_T, signature.getSignatureFormat());
            assertTrue(signature.isSignatureIntact());
            assertTrue(signature.isSignatureValid());
            assertTrue(signature.isTrustedChain());
            assertTrue(signature.getDigestMatchers().stream()
                    .allMatch(matcher -> matcher.isDataFound() && matcher.isDataIntact()));
            Set<String> scopes = new TreeSet<>();
            for (XmlSignatureScope scope : signature.getSignatureScopes()) {
                scopes.add(scope.getName());
            }
            assertTrue(scopes.containsAll(NAMES), scopes.toString());
            List<TimestampWrapper> stamps = signature.getTimestampList();
            assertEquals(1, stamps.size());
            assertTrue(
                    stamps.get(0).isMessageImprintDataIntact() && stamps.get(0).isSignatureValid());
            assertEquals(Date.from(TestPki.NOW), stamps.get(0).getProductionTime());
            System.out.println(reports.getSimpleReport().getIndication(id) + " "
                    + reports.getSimpleReport().getSubIndication(id) + " " + scopes);
            assertEquals(Indication.INDETERMINATE, reports.getSimpleReport().getIndication(id));
            assertEquals(
                    SubIndication.CERTIFICATE_CHAIN_GENERAL_FAILURE,
                    reports.getSimpleReport().getSubIndication(id));
        }
    }

    @ParameterizedTest
    @EnumSource(SignatureAlgorithm.class)
    void containersAreBaselineTOverAllFiles(SignatureAlgorithm algorithm) throws Exception {
        assertWhole(validated(container(algorithm)), 1);
    }

    @Test
    void aSecondSignatureIsToo() throws Exception {
        Path two = folder.resolve("two.asice");
        AsicWriter.addSignature(
                container(SignatureAlgorithm.ECDSA_P256_SHA256), two, signer(SignatureAlgorithm.ECDSA_P384_SHA384));
        assertWhole(validated(two), 2);
    }

    @Test
    void aChangedByteFails() throws Exception {
        Path changed = changed(container(SignatureAlgorithm.ECDSA_P256_SHA256));
        Reports reports = validated(changed);
        String id = reports.getSimpleReport().getSignatureIdList().get(0);
        assertEquals(Indication.TOTAL_FAILED, reports.getSimpleReport().getIndication(id));
        assertEquals(SubIndication.HASH_FAILURE, reports.getSimpleReport().getSubIndication(id));
        assertFalse(reports.getDiagnosticData().getSignatureById(id).getDigestMatchers().stream()
                .allMatch(matcher -> matcher.isDataIntact()));
    }

    /** Packs the files anew, one of them with another byte: the ZIP file itself is in order. */
    private Path changed(Path container) throws IOException {
        List<Source> sources = new ArrayList<>();
        try (FileChannel zip = FileChannel.open(container)) {
            for (StoredZip.Entry entry : StoredZip.read(zip)) {
                try (InputStream in = StoredZip.open(zip, entry)) {
                    byte[] bytes = in.readAllBytes();
                    if (entry.name().equals("bag/a.txt")) {
                        bytes[0] ^= 1;
                    }
                    sources.add(source(entry.name(), bytes));
                }
            }
        }
        Path changed = folder.resolve("changed.asice");
        Files.deleteIfExists(changed);
        StoredZip.write(changed, sources);
        return changed;
    }
}
