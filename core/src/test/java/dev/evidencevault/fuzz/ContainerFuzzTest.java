package dev.evidencevault.fuzz;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.campaign.Campaign;
import dev.evidencevault.crypto.asic.AsicContainer;
import dev.evidencevault.crypto.asic.MalformedContainerException;
import dev.evidencevault.crypto.cms.PemFiles;
import dev.evidencevault.crypto.cms.SignatureTrust;
import dev.evidencevault.docs.FormatVectors;
import dev.evidencevault.evidence.SecondVerifier;
import dev.evidencevault.verify.BundleVerifier;
import dev.evidencevault.verify.Claim;
import dev.evidencevault.verify.Verdict;
import dev.evidencevault.verify.VerificationReport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A container with a bundle in it that whoever has no key changed: each is refused, fails, or cannot be judged; only the
 * original passes; memory and time stay within bounds; and the second verifier says the same.
 */
@Timeout(600)
class ContainerFuzzTest {
    private static final int ZIPS = Campaign.length("fuzz.container.zips", 200);
    private static final int SIGNATURES = Campaign.length("fuzz.container.signatures", 300);
    private static final int MANIFESTS = Campaign.length("fuzz.container.manifests", 100);
    private static final long BYTES_MAX = 96L << 20;
    private static final long BYTES_PER_BYTE = 60;
    private static final String MANIFEST = "META-INF/ASiCManifest001.xml";
    private static final String SIGNATURE = "META-INF/signature001.p7s";

    @TempDir
    private static Path directory;

    private static final Map<String, byte[]> ENTRIES = new LinkedHashMap<>();
    private static byte[] original = new byte[0];
    private static List<X509Certificate> roots = List.of();

    @BeforeAll
    static void read() throws Exception {
        Path container = FormatVectors.path("small-bundle.asice");
        roots = PemFiles.certificates(FormatVectors.path("small-bundle-signer.pem"));
        original = Files.readAllBytes(container);
        ENTRIES.putAll(entries(original));
        assertArrayEquals(original, zip(ENTRIES).bytes());
        assertEquals(Verdict.PASSED, verify(original, roots).verdict());
        VerificationReport report = verify(original, List.of());
        assertEquals(Verdict.PASSED, report.verdict());
        SecondVerifier.requireAgreement(directory.resolve("bundle.asice"), report);
    }

    /** The entries of a ZIP file as the library's reader does not show them: with mimetype and META-INF, in their order. */
    private static Map<String, byte[]> entries(byte[] zip) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        try (var in = new java.util.zip.ZipInputStream(new java.io.ByteArrayInputStream(zip))) {
            for (var entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                entries.put(entry.getName(), in.readAllBytes());
            }
        }
        return entries;
    }

    private static ZipText zip(Map<String, byte[]> entries) {
        return new ZipText("", entries);
    }

    private static Map<String, byte[]> with(String name, byte[] content) {
        Map<String, byte[]> entries = new LinkedHashMap<>(ENTRIES);
        entries.put(name, content);
        return entries;
    }

    private static byte[] content(String name) {
        return ENTRIES.getOrDefault(name, new byte[0]);
    }

    private static VerificationReport verify(byte[] zip, List<X509Certificate> trusted) throws Exception {
        Path path = directory.resolve("bundle.asice");
        Files.write(path, zip);
        BundleVerifier verifier = new BundleVerifier(null, List.of(), List.of(), trusted);
        return Fuzz.within(BYTES_MAX + BYTES_PER_BYTE * zip.length, () -> verifier.verify(path));
    }

    /** What holds of every container: only the original passes under a root, and both verifiers say the same without. */
    private static void require(byte[] zip, boolean compared) throws Exception {
        if (verify(zip, roots).verdict() == Verdict.PASSED) {
            assertArrayEquals(original, zip, "another container passed");
        }
        if (compared) {
            SecondVerifier.requireAgreement(directory.resolve("bundle.asice"), verify(zip, List.of()));
        }
        Path path = directory.resolve("bundle.asice");
        try (AsicContainer container = AsicContainer.open(path)) {
            for (String name : container.files().keySet()) {
                try (InputStream in = container.open(name)) {
                    in.skipNBytes(container.files().getOrDefault(name, 0L));
                }
                Path resolved = directory.resolve(name).normalize();
                assertTrue(resolved.startsWith(directory), () -> "a name that climbs: " + name);
            }
            container.verify(new SignatureTrust(roots, List.of(), Instant.now()));
        } catch (MalformedContainerException e) {
            assertNotEquals("", String.valueOf(e.getMessage()));
        }
    }

    @Test
    void aContainerInAnyOtherSpellingIsFound() {
        Fuzz.run("container.zip", ZIPS, (random, number) -> {
            byte[] zip;
            if (random.nextInt(3) == 0) {
                zip = ByteMutation.mutate(random, original, original);
            } else {
                ZipText parts = zip(ENTRIES);
                for (int i = random.nextInt(3); i >= 0; i--) {
                    parts.mutate(random);
                }
                zip = parts.bytes();
            }
            require(zip, number % 10 == 0);
        });
    }

    @Test
    void aSignatureThatIsAnotherOneDoesNotPass() {
        Fuzz.run("container.signature", SIGNATURES, (random, number) -> {
            byte[] signature = content(SIGNATURE).clone();
            if (random.nextInt(3) == 0) {
                signature = ByteMutation.mutate(random, signature, signature);
            } else {
                for (int i = random.nextInt(3); i >= 0; i--) {
                    signature[random.nextInt(signature.length)] ^= (byte) (1 << random.nextInt(8));
                }
            }
            require(zip(with(SIGNATURE, signature)).bytes(), number % 3 == 0);
        });
    }

    @Test
    void signaturesThatAreHostileFailSoon() throws Exception {
        for (byte[] signature : List.of(
                new byte[0],
                nested(31),
                nested(33),
                nested(5_000),
                nested(60_000),
                new byte[] {0x30, (byte) 0x80, 0, 0},
                new byte[] {0x30, (byte) 0x84, 0x7f, (byte) 0xff, (byte) 0xff, (byte) 0xff},
                new byte[] {0x30, (byte) 0x83, (byte) 0xff, (byte) 0xff, (byte) 0xff},
                new byte[] {0x30, (byte) 0xff},
                new byte[] {0x1f, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x7f, 0},
                new byte[1 << 18],
                new byte[(1 << 18) + 1],
                new byte[4 << 20])) {
            byte[] zip = zip(with(SIGNATURE, signature)).bytes();
            assertTimeout(Duration.ofSeconds(30), () -> require(zip, true));
            assertTrue(
                    verify(zip, List.of()).with(Verdict.FAILED).stream()
                            .anyMatch(finding -> finding.claim() == Claim.SIGNERS),
                    () -> signature.length + " bytes");
        }
    }

    /** Sequences in sequences, as deep as it is said. */
    private static byte[] nested(int depth) {
        ByteArrayOutputStream reversed = new ByteArrayOutputStream();
        int length = 0;
        for (int i = 0; i < depth; i++) {
            int header = length < 128 ? 2 : length < 1 << 8 ? 3 : length < 1 << 16 ? 4 : 5;
            for (int at = header - 3, rest = length; at >= 0 && header > 2; at--, rest >>= 8) {
                reversed.write(rest);
            }
            reversed.write(header == 2 ? length : 0x80 + header - 2);
            reversed.write(0x30);
            length += header;
        }
        byte[] all = reversed.toByteArray();
        for (int i = 0, j = all.length - 1; i < j; i++, j--) {
            byte swapped = all[i];
            all[i] = all[j];
            all[j] = swapped;
        }
        return all;
    }

    @Test
    void aManifestThatIsAnotherOneDoesNotPass() {
        Fuzz.run("container.manifest", MANIFESTS, (random, number) -> {
            String text = new String(content(MANIFEST), StandardCharsets.US_ASCII);
            String changed = random.nextInt(3) == 0
                    ? new String(
                            ByteMutation.mutate(random, content(MANIFEST), content(MANIFEST)),
                            StandardCharsets.ISO_8859_1)
                    : tricked(random, text);
            require(
                    zip(with(MANIFEST, changed.getBytes(StandardCharsets.ISO_8859_1)))
                            .bytes(),
                    number % 5 == 0);
        });
    }

    private static String tricked(Random random, String text) {
        String declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
        return Fuzz.one(
                random,
                text.replace(declaration, declaration + "<!DOCTYPE x [<!ENTITY y SYSTEM \"file:///etc/passwd\">]>\n"),
                text.replace(declaration, declaration + "<!DOCTYPE x [<!ENTITY a \"" + "b".repeat(100_000) + "\">]>\n"),
                text.replace("bag/bagit.txt", "bag/&#98;agit.txt"),
                text.replace("bag/bagit.txt", "bag/x/../bagit.txt"),
                text.replace("bag/bagit.txt", "file:///bag/bagit.txt"),
                text.replace("xmlenc#sha256", "xmldsig#sha1"),
                text.replace("<asic:SigReference", "<!-- --><asic:SigReference"),
                text.replace("\n", "\r\n"),
                text.replace("UTF-8", "UTF-16"),
                "\u00ef\u00bb\u00bf" + text,
                text.replace("ASiCManifest>", "ASiCManifest >"),
                text.replaceFirst("<asic:DataObjectReference[^\n]*\n", ""),
                text.replaceFirst("(<asic:DataObjectReference[^\n]*\n)", "$1$1"),
                text + " ",
                "<x>".repeat(300_000),
                "");
    }

    @Test
    void signaturesWithoutEndAreRefusedSoon() throws Exception {
        for (int pairs : new int[] {2, 50, 99, 100, 480, 999, 3_000}) {
            Map<String, byte[]> entries = new LinkedHashMap<>();
            entries.put("mimetype", content("mimetype"));
            for (int i = 1; i <= pairs; i++) {
                String manifest = new String(content(MANIFEST), StandardCharsets.US_ASCII)
                        .replace("signature001", String.format("signature%03d", i));
                entries.put(
                        String.format("META-INF/ASiCManifest%03d.xml", i),
                        manifest.getBytes(StandardCharsets.US_ASCII));
            }
            for (int i = 1; i <= pairs; i++) {
                entries.put(String.format("META-INF/signature%03d.p7s", i), content(SIGNATURE));
            }
            ENTRIES.forEach((name, bytes) -> {
                if (name.startsWith("bag/")) {
                    entries.put(name, bytes);
                }
            });
            byte[] zip = zip(entries).bytes();
            assertTimeout(Duration.ofSeconds(60), () -> require(zip, true));
            assertEquals(Verdict.FAILED, verify(zip, List.of()).verdict());
        }
    }
}
