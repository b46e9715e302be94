package dev.evidencevault.evidence;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.evidencevault.Event;
import dev.evidencevault.SmallVault;
import dev.evidencevault.Vault;
import dev.evidencevault.VaultOptions;
import dev.evidencevault.attest.TestAuthority;
import dev.evidencevault.attest.TimeStamping;
import dev.evidencevault.bundle.BagManifest;
import dev.evidencevault.bundle.BagSignatures;
import dev.evidencevault.bundle.BundleFiles;
import dev.evidencevault.bundle.BundleLayout;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.note.CheckpointSigner;
import dev.evidencevault.crypto.timestamp.TimeStamp;
import dev.evidencevault.crypto.zip.StoredZip;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Settings;
import dev.evidencevault.verify.BundleVerifier;
import dev.evidencevault.verify.Claim;
import dev.evidencevault.verify.Finding;
import dev.evidencevault.verify.Verdict;
import dev.evidencevault.verify.VerificationReport;
import dev.evidencevault.witness.TestWitness;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bundle with the time stamps of two authorities; then with everything signed anew, by who holds the vault's key. */
class TimeStampedBundleTest {
    private static final String FIRST = "proofs/timestamp-1.tsr";
    private static final String SECOND = "proofs/timestamp-2.tsr";

    @TempDir
    private static Path directory;

    private static TestAuthority one;
    private static TestAuthority two;
    private static TestWitness witness;
    private static CheckpointSigner signer;
    private static Path bundle;
    private static Map<String, byte[]> earlier;
    private static Map<String, byte[]> files;

    @BeforeAll
    static void export() throws Exception {
        one = TestAuthority.start("one", Clock.systemUTC());
        two = TestAuthority.start("two", Clock.systemUTC());
        witness = TestWitness.start("witness.example/w1");
        Path vault = directory.resolve("vault");
        SmallVault.write(vault);
        witness.trust(Settings.read(new Layout(vault)).verifier());
        VaultOptions options = SmallVault.options()
                .withWitnesses(List.of(witness.witness()))
                .withTimeStamping(TimeStamping.by(one.stamper(), two.stamper()));
        earlier = read(exportAfter(vault, options, "earlier"));
        bundle = exportAfter(vault, options, "later");
        files = read(bundle);
        signer = SmallVault.open(vault).unlocked().checkpointSigner();
    }

    @AfterAll
    static void close() {
        one.close();
        two.close();
        witness.close();
    }

    private static Path exportAfter(Path vault, VaultOptions options, String action) throws Exception {
        try (Vault open = Vault.open(vault, SmallVault.SECRET, options)) {
            open.tenant("acme").appendAndWait(Event.of(action).build());
        }
        Path out = directory.resolve(action + ".zip");
        new EvidenceExport(SmallVault.open(vault), Clock.systemUTC())
                .export(EvidenceExportTest.order("'actors':['alice'],'to':'2026-05-06T00:00:00Z'"), out);
        return out;
    }

    private static Map<String, byte[]> read(Path path) throws Exception {
        Map<String, byte[]> all = new TreeMap<>();
        try (BundleFiles open = BundleFiles.open(path)) {
            for (String name : open.sizes().keySet()) {
                all.put(name, open.read(name, 1 << 20));
            }
        }
        return all;
    }

    private static VerificationReport verify(Path path, X509Certificate... roots) throws Exception {
        return new BundleVerifier(null, List.of(), List.of(roots)).verify(path);
    }

    private static List<Finding> time(VerificationReport report) {
        return report.findings().stream()
                .filter(finding -> finding.claim() == Claim.TIME)
                .toList();
    }

    /** Everything that who holds the vault's key can compute is computed anew. */
    private static Path signed(Map<String, byte[]> changed) throws Exception {
        Map<String, byte[]> all = new TreeMap<>(changed);
        SortedMap<String, Digest> digests = new TreeMap<>();
        BundleLayout.tags(all::containsKey).forEach(name -> digests.put(name, Digest.sha256(all.get(name))));
        byte[] tagManifest = new BagManifest(digests).format();
        all.put(BundleLayout.TAG_MANIFEST, tagManifest);
        all.putAll(BagSignatures.of(tagManifest, signer));
        return zip(all);
    }

    private static Path zip(Map<String, byte[]> all) throws Exception {
        Path zip = directory.resolve("changed.zip");
        Files.deleteIfExists(zip);
        List<StoredZip.Source> sources = new ArrayList<>();
        for (Map.Entry<String, byte[]> file : all.entrySet()) {
            Path content = directory.resolve("content-" + sources.size());
            Files.write(content, file.getValue());
            sources.add(new StoredZip.Source(BundleLayout.BAG + file.getKey(), content));
        }
        StoredZip.write(zip, sources);
        return zip;
    }

    private static Map<String, byte[]> with(String name, byte[] content) {
        Map<String, byte[]> changed = new TreeMap<>(files);
        changed.put(name, content);
        return changed;
    }

    @Test
    void itVerifiesWithTheRootsAndIsNotJudgedWithout() throws Exception {
        VerificationReport report = verify(bundle, one.root(), two.root());
        assertEquals(Verdict.PASSED, report.verdict(), report.toString());
        List<Finding> time = time(report);
        assertEquals(List.of(FIRST, SECOND), time.stream().map(Finding::where).toList());
        assertTrue(time.get(0).reason().contains("the checkpoint existed by 20"), time.toString());
        assertTrue(time.get(1).reason().contains("CN=two"), time.toString());

        VerificationReport unjudged = verify(bundle);
        assertEquals(Verdict.PASSED, unjudged.verdict(), unjudged.toString());
        assertEquals(List.of(), time(unjudged));
        assertEquals(
                2,
                unjudged.findings().stream()
                        .filter(finding -> finding.reason().contains("it was not judged"))
                        .count());
        SecondVerifier.requireAgreement(bundle, unjudged);
        assertEquals(
                Verdict.PASSED, verify(signed(files), one.root(), two.root()).verdict());
    }

    @Test
    void aRootThatIsNotTheAuthoritysIsNoProof() throws Exception {
        VerificationReport report = verify(bundle, one.root());
        assertEquals(Verdict.FAILED, report.verdict());
        assertEquals(
                List.of(SECOND),
                report.with(Verdict.FAILED).stream().map(Finding::where).toList());
    }

    /** Whatever byte of a time stamp changes: it fails, or it says the same, where nobody signed. */
    @Test
    void everyRegionOfATimeStampCounts() throws Exception {
        byte[] good = files.get(FIRST);
        List<Finding> said = time(verify(bundle, one.root(), two.root()));
        int failed = 0;
        int same = 0;
        for (int at = 0; at < good.length; at += at < 40 ? 1 : 5) {
            byte[] changed = good.clone();
            changed[at] ^= 1;
            VerificationReport report = verify(signed(with(FIRST, changed)), one.root(), two.root());
            if (report.verdict() == Verdict.FAILED) {
                assertEquals(
                        List.of(Claim.TIME),
                        report.with(Verdict.FAILED).stream().map(Finding::claim).toList(),
                        "byte " + at);
                failed++;
            } else {
                assertEquals(said, time(report), "byte " + at);
                same++;
            }
            if (at % 50 == 0) {
                assertEquals(
                        Verdict.FAILED,
                        verify(zip(with(FIRST, changed)), one.root(), two.root())
                                .verdict());
                assertEquals(Verdict.FAILED, verify(zip(with(FIRST, changed))).verdict(), "not signed anew");
            }
        }
        // The status, and capitals in the name of the certificate's issuer: see TimeStampTest.
        assertTrue(same <= 8 && failed > 200, failed + " failed, " + same + " say the same");
    }

    @Test
    void aTimeStampOfAnotherAnchorFails() throws Exception {
        assertNotEquals(
                TimeStamp.parse(earlier.get(FIRST)).imprint(),
                TimeStamp.parse(files.get(FIRST)).imprint());
        VerificationReport report = verify(signed(with(FIRST, earlier.get(FIRST))), one.root(), two.root());
        List<Finding> failed = report.with(Verdict.FAILED);
        assertEquals(1, failed.size(), report.toString());
        assertEquals(Claim.TIME, failed.get(0).claim());
        assertTrue(failed.get(0).reason().contains("expected a time stamp of"), failed.toString());
    }

    @Test
    void strippedTimeStampsAreMissedByWhoWantsThem() throws Exception {
        Map<String, byte[]> stripped = new TreeMap<>(files);
        stripped.remove(SECOND);
        Path zip = signed(stripped);
        assertEquals(Verdict.PASSED, verify(zip, one.root()).verdict());
        SecondVerifier.requireAgreement(zip, verify(zip));
        stripped.remove(FIRST);
        zip = signed(stripped);
        VerificationReport report = verify(zip, one.root());
        assertEquals(Verdict.INDETERMINATE, report.verdict(), report.toString());
        assertTrue(time(report).get(0).reason().contains("no time stamp"), report.toString());
        assertEquals(Verdict.PASSED, verify(zip).verdict());
        SecondVerifier.requireAgreement(zip, verify(zip));
        stripped = new TreeMap<>(files);
        stripped.remove(FIRST);
        VerificationReport unsigned = verify(zip(stripped));
        assertEquals(Verdict.FAILED, unsigned.verdict(), "the manifest lists it");
        SecondVerifier.requireAgreement(zip(stripped), unsigned);
        stripped = new TreeMap<>(files);
        stripped.put("proofs/timestamp-3.tsr", files.get(FIRST));
        assertEquals(Verdict.FAILED, verify(signed(stripped)).verdict());
        SecondVerifier.requireAgreement(signed(stripped), verify(signed(stripped)));
    }

    @Test
    void filesThatAreNoTimeStampFailWhenTheyAreJudged() throws Exception {
        for (byte[] garbage : List.of(new byte[0], new byte[] {0x30, 0}, new byte[TimeStamp.BYTES_MAX])) {
            Path zip = signed(with(FIRST, garbage));
            assertEquals(Verdict.FAILED, verify(zip, one.root(), two.root()).verdict());
            assertEquals(Verdict.PASSED, verify(zip).verdict());
            SecondVerifier.requireAgreement(zip, verify(zip));
        }
        Path zip = signed(with(FIRST, new byte[TimeStamp.BYTES_MAX + 1]));
        VerificationReport report = verify(zip);
        assertEquals(Verdict.FAILED, report.verdict(), "a time stamp has at most 64 KiB, judged or not");
        SecondVerifier.requireAgreement(zip, report);
    }

    /** The commands of the bundle's README.txt, as they stand there, in a shell. */
    @Test
    void theCommandsInTheReadmeVerifyIt() throws Exception {
        assumeTrue(
                Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                        .anyMatch(dir -> Files.isExecutable(Path.of(dir, "openssl"))),
                "skipped: openssl is not on the PATH");
        Path bag = directory.resolve("unpacked/bag");
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Files.createDirectories(bag.resolve(file.getKey()).getParent());
            Files.write(bag.resolve(file.getKey()), file.getValue());
        }
        String readme = new String(files.get(BundleLayout.README), StandardCharsets.UTF_8);
        String section = readme.substring(readme.indexOf("\n5. "), readme.indexOf("The formats are specified"));
        StringBuilder script = new StringBuilder("set -e\n");
        section.lines()
                .filter(line -> line.startsWith("     "))
                .forEach(line -> script.append(line).append('\n'));
        assertTrue(script.indexOf("openssl ts -verify") > 0, script.toString());
        Files.writeString(bag.resolve("../ROOT.pem"), pem(one.root()));
        Files.writeString(bag.resolve("../OTHER.pem"), pem(two.root()));
        String commands = script.toString().replace("ROOT.pem", "../ROOT.pem");
        assertTrue(run(bag, commands).contains("Verification: OK"));
        assertTrue(run(bag, commands.replace("timestamp-1", "timestamp-2").replace("ROOT.pem", "OTHER.pem"))
                .contains("Verification: OK"));
        assertTrue(run(bag, commands.replace("ROOT.pem", "OTHER.pem")).contains("Verification: FAILED"));
        assertArrayEquals(files.get(BundleLayout.README), Files.readAllBytes(bag.resolve(BundleLayout.README)));
    }

    private static String run(Path bag, String commands) throws Exception {
        Path output = directory.resolve("output.txt");
        Process shell = new ProcessBuilder("sh", "-c", commands)
                .directory(bag.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertTrue(shell.waitFor(60, TimeUnit.SECONDS), "openssl did not end");
        String text = Files.readString(output, StandardCharsets.ISO_8859_1);
        System.out.println(text.strip());
        return text;
    }

    private static String pem(X509Certificate certificate) throws Exception {
        return "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded())
                + "\n-----END CERTIFICATE-----\n";
    }
}
