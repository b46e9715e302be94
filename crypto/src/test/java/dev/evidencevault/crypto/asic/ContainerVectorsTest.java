package dev.evidencevault.crypto.asic;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.evidencevault.crypto.age.AgeFile;
import dev.evidencevault.crypto.age.AgeIdentity;
import dev.evidencevault.crypto.cms.CadesVerdict;
import dev.evidencevault.crypto.cms.CadesVerdict.Failed;
import dev.evidencevault.crypto.cms.CadesVerdict.Passed;
import dev.evidencevault.crypto.cms.CertifiedKey;
import dev.evidencevault.crypto.cms.PemFiles;
import dev.evidencevault.crypto.cms.SealedFile;
import dev.evidencevault.crypto.cms.SignatureTrust;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.zip.StoredZip;
import dev.evidencevault.crypto.zip.StoredZip.Source;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The spelling against {@code container.json}, which the library did not compute; and what it once wrote, that it still reads. */
class ContainerVectorsTest {
    private static final Path VECTORS =
            Path.of(System.getProperty("evidencevault.root", "..")).resolve("docs/formats/vectors");

    @TempDir
    private Path folder;

    private static JsonNode vector() throws IOException {
        return new ObjectMapper().readTree(VECTORS.resolve("container.json").toFile());
    }

    private static byte[] hex(JsonNode text) {
        return HexFormat.of().parseHex(text.textValue());
    }

    private static SortedMap<String, byte[]> files(JsonNode vector) {
        SortedMap<String, byte[]> files = new TreeMap<>();
        vector.path("files").properties().forEach(file -> files.put(file.getKey(), hex(file.getValue())));
        return files;
    }

    @Test
    void manifestsAndContainersHaveTheSpellingOfTheVectors() throws Exception {
        JsonNode vector = vector();
        SortedMap<String, Digest> digests = new TreeMap<>();
        List<Source> sources = new ArrayList<>();
        byte[] manifest = vector.path("manifest").textValue().getBytes(StandardCharsets.US_ASCII);
        sources.add(source(StoredZip.MIMETYPE, ContainerNames.type()));
        sources.add(source(ContainerNames.manifest(1), manifest));
        sources.add(source(ContainerNames.signature(1), hex(vector.path("signature"))));
        for (Map.Entry<String, byte[]> file : files(vector).entrySet()) {
            digests.put(file.getKey(), Digest.sha256(file.getValue()));
            sources.add(source(file.getKey(), file.getValue()));
        }
        assertArrayEquals(manifest, AsicManifest.of(1, digests).format());
        assertEquals(digests, AsicManifest.parse(1, manifest).files());
        assertEquals(
                vector.path("secondManifest").textValue(),
                new String(AsicManifest.of(2, digests).format(), StandardCharsets.US_ASCII));
        Path container = folder.resolve("written.asice");
        StoredZip.write(container, sources);
        assertArrayEquals(hex(vector.path("container")), Files.readAllBytes(container));
        try (AsicContainer opened = AsicContainer.open(container)) {
            assertEquals(files(vector).keySet(), opened.files().keySet());
            CadesVerdict verdict = opened.verify(new SignatureTrust(List.of(), List.of(), Instant.EPOCH))
                    .get(0)
                    .verdict();
            assertInstanceOf(Failed.class, verdict);
        }
    }

    private static Source source(String name, byte[] bytes) {
        return new Source(name, () -> new ByteArrayInputStream(bytes));
    }

    @Test
    void whatTheVectorsRefuseIsRefused() throws Exception {
        Path file = folder.resolve("refused.asice");
        for (JsonNode refused : vector().path("refused")) {
            Files.write(file, hex(refused.path("bytes")));
            assertThrows(
                    MalformedContainerException.class,
                    () -> AsicContainer.open(file),
                    refused.path("why").textValue());
        }
    }

    @Test
    void theSmallContainerPassesAndOpens() throws Exception {
        Path small = VECTORS.resolve("small-container");
        Path container = small.resolve("evidence.asice");
        SignatureTrust trust = new SignatureTrust(
                PemFiles.certificates(small.resolve("root.pem")),
                PemFiles.certificates(small.resolve("tsa-root.pem")),
                Instant.parse("2040-01-01T00:00:00Z"));
        try (AsicContainer opened = AsicContainer.open(container)) {
            List<String> signers = opened.verify(trust).stream()
                    .map(finding -> assertInstanceOf(Passed.class, finding.verdict()))
                    .map(passed -> passed.signer().subject() + " "
                            + passed.stamp().orElseThrow().time())
                    .toList();
            assertEquals(
                    List.of("CN=Example seal 2026-05-01T12:00:00Z", "CN=Example approver 2026-05-01T12:00:00Z"),
                    signers);
            assertEquals(files(vector()).keySet(), opened.files().keySet());
        }
        for (String holder : List.of("court", "prosecutor")) {
            Path opened = folder.resolve(holder);
            SealedFile.open(
                    small.resolve("evidence.asice.p7m"),
                    opened,
                    CertifiedKey.readPem(small.resolve(holder + ".pem"), small.resolve(holder + ".key"), null));
            assertEquals(-1, Files.mismatch(container, opened));
        }
        Path opened = folder.resolve("age");
        AgeFile.decrypt(
                small.resolve("evidence.asice.age"), opened, AgeIdentity.readAll(small.resolve("identity.txt")));
        assertEquals(-1, Files.mismatch(container, opened));
    }
}
