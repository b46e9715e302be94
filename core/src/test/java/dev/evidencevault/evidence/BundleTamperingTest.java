package dev.evidencevault.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.SmallVault;
import dev.evidencevault.bundle.BundleLayout;
import dev.evidencevault.campaign.Campaign;
import dev.evidencevault.reader.VaultReader;
import dev.evidencevault.verify.BundleVerifier;
import dev.evidencevault.verify.Claim;
import dev.evidencevault.verify.Finding;
import dev.evidencevault.verify.Verdict;
import dev.evidencevault.verify.VerificationReport;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every byte, every line and every file of a small bundle without companions, changed in turn; then with everything signed
 * anew. Companions: {@link CompanionsTest}.
 */
class BundleTamperingTest {
    @TempDir
    private static Path directory;

    private static Path bundle;
    private static byte[] bytes;
    private static Map<String, byte[]> files;
    private static ForgedBundle original;

    @BeforeAll
    static void export() throws Exception {
        Path vault = directory.resolve("vault");
        SmallVault.write(vault);
        VaultReader reader = SmallVault.open(vault);
        Path whole = directory.resolve("whole.zip");
        new EvidenceExport(reader, Clock.systemUTC())
                .export(EvidenceExportTest.order("'actors':['alice'],'to':'2026-05-06T00:00:00Z'"), whole);
        original = ForgedBundle.of(whole, reader.unlocked().checkpointSigner()).withoutCompanions();
        bundle = directory.resolve("bundle.zip");
        original.writeSigned(bundle);
        bytes = Files.readAllBytes(bundle);
        files = original.files();
    }

    /** Of so many bundles one is shown to the second verifier as well. */
    private static final int BUNDLES_PER_SECOND_LOOK = 211;

    private static final AtomicInteger VERIFIED = new AtomicInteger();

    private static VerificationReport verify(Path path) throws Exception {
        VerificationReport report = new BundleVerifier(null).verify(path);
        if (VERIFIED.getAndIncrement() % BUNDLES_PER_SECOND_LOOK == 0) {
            SecondVerifier.requireAgreement(path, report);
        }
        return report;
    }

    @Test
    void everyByteCounts() throws Exception {
        assertEquals(Verdict.PASSED, verify(bundle).verdict());
        IntStream.range(0, 2).parallel().forEach(half -> flipEach(half));
    }

    private static void flipEach(int half) {
        try {
            Path path = directory.resolve("flipped-" + half + ".zip");
            for (int i = half; i < bytes.length; i += 2) {
                if (!Campaign.looksAt(i)) {
                    continue;
                }
                byte[] changed = bytes.clone();
                changed[i] ^= (byte) (1 << i % 8);
                Files.write(path, changed);
                VerificationReport report = verify(path);
                assertEquals(Verdict.FAILED, report.verdict(), "byte " + i + ": " + report);
                assertTrue(report.findings().stream().allMatch(f -> !f.where().isEmpty()), "says where: " + report);
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void cuttingAndAppendingIsFound() throws Exception {
        Path path = directory.resolve("cut.zip");
        for (int length = 0; length < bytes.length; length += 7) {
            if (!Campaign.looksAt(length)) {
                continue;
            }
            Files.write(path, Arrays.copyOf(bytes, length));
            assertEquals(Verdict.FAILED, verify(path).verdict(), "cut to " + length);
        }
        Files.write(path, Arrays.copyOf(bytes, bytes.length + 1));
        assertEquals(Verdict.FAILED, verify(path).verdict());
    }

    /** An attacker who holds the signing key: everything that can be computed is computed anew. */
    private static VerificationReport verifySigned(Map<String, byte[]> changed) throws Exception {
        ForgedBundle forged = original.copy();
        forged.files().clear();
        forged.files().putAll(changed);
        Path zip = directory.resolve("signed.zip");
        forged.writeSigned(zip);
        return verify(zip);
    }

    private static VerificationReport verifyFiles(Map<String, byte[]> all) throws Exception {
        ForgedBundle forged = original.copy();
        forged.files().clear();
        forged.files().putAll(all);
        Path zip = directory.resolve("signed.zip");
        forged.write(zip);
        return verify(zip);
    }

    @Test
    void signedAnewAndUnchangedItPasses() throws Exception {
        assertEquals(Verdict.PASSED, verifySigned(files).verdict());
    }

    @Test
    void everyFileIsNeededAndNoOtherMayBeThere() throws Exception {
        for (String name : files.keySet()) {
            Map<String, byte[]> changed = new TreeMap<>(files);
            changed.remove(name);
            VerificationReport report = verifyFiles(changed);
            assertEquals(Verdict.FAILED, report.verdict(), name);
            assertEquals(name, report.findings().get(0).where());
            changed = new TreeMap<>(files);
            changed.put(name + "x", files.get(name));
            assertEquals(Verdict.FAILED, verifyFiles(changed).verdict(), name);
            for (String other : files.keySet()) {
                if (!Arrays.equals(files.get(name), files.get(other))) {
                    changed = new TreeMap<>(files);
                    changed.put(name, files.get(other));
                    changed.put(other, files.get(name));
                    assertEquals(Verdict.FAILED, verifyFiles(changed).verdict(), name + " and " + other);
                }
            }
        }
    }

    private static List<String> lines(String name) {
        return new ArrayList<>(
                new String(files.get(name), StandardCharsets.UTF_8).lines().toList());
    }

    private static VerificationReport withLines(String name, List<String> lines) throws Exception {
        Map<String, byte[]> changed = new TreeMap<>(files);
        String text = lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
        changed.put(name, text.getBytes(StandardCharsets.UTF_8));
        return verifySigned(changed);
    }

    @Test
    void noLineCanBeDroppedSwappedOrDoubledEvenWithTheKey() throws Exception {
        for (String name :
                List.of(BundleLayout.RECORDS, BundleLayout.ORIGINALS, BundleLayout.LEAVES, BundleLayout.SEGMENTS)) {
            int count = lines(name).size();
            assertTrue(count > 1, name);
            for (int i = 0; i < count; i++) {
                List<String> dropped = lines(name);
                dropped.remove(i);
                assertFailed(withLines(name, dropped), name + " without line " + i);
                List<String> doubled = lines(name);
                doubled.add(i, doubled.get(i));
                assertFailed(withLines(name, doubled), name + " with line " + i + " twice");
                for (int j = i + 1; j < count; j++) {
                    List<String> swapped = lines(name);
                    Collections.swap(swapped, i, j);
                    assertFailed(withLines(name, swapped), name + " with lines " + i + " and " + j + " swapped");
                }
            }
        }
    }

    private static void assertFailed(VerificationReport report, String what) {
        assertEquals(Verdict.FAILED, report.verdict(), what + ": " + report);
    }

    @Test
    void everyCharacterOfEveryProofCountsEvenWithTheKey() throws Exception {
        for (String name : List.of(
                BundleLayout.BAGIT,
                BundleLayout.RECORDS,
                BundleLayout.ORIGINALS,
                BundleLayout.LEAVES,
                BundleLayout.SEGMENTS,
                BundleLayout.CHECKPOINT,
                BundleLayout.ANCHOR,
                BundleLayout.NODE_CHECKPOINT,
                BundleLayout.SCOPE)) {
            byte[] content = files.get(name);
            for (int i = 0; i < content.length; i++) {
                if (!Campaign.looksAt(i)) {
                    continue;
                }
                Map<String, byte[]> changed = new TreeMap<>(files);
                byte[] flipped = content.clone();
                flipped[i] ^= 1;
                changed.put(name, flipped);
                assertFailed(verifySigned(changed), name + " byte " + i);
            }
        }
    }

    @Test
    void aRecordThatIsWithheldIsMissed() throws Exception {
        List<String> leaves = lines(BundleLayout.LEAVES);
        int shown = IntStream.range(0, leaves.size())
                .filter(i -> leaves.get(i).contains("salt"))
                .findFirst()
                .orElseThrow();
        leaves.set(shown, leaves.get(shown).replaceFirst(",\"salt\":\"[0-9a-f]+\"", ""));
        Map<String, byte[]> changed = new TreeMap<>(files);
        changed.put(BundleLayout.LEAVES, (String.join("\n", leaves) + "\n").getBytes(StandardCharsets.UTF_8));
        List<String> records = lines(BundleLayout.RECORDS);
        records.remove(0);
        changed.put(BundleLayout.RECORDS, (String.join("\n", records) + "\n").getBytes(StandardCharsets.UTF_8));
        List<Finding> failed = verifySigned(changed).with(Verdict.FAILED);
        assertTrue(failed.stream().anyMatch(f -> f.claim() == Claim.COMPLETENESS), failed.toString());
    }

    @Test
    void anotherOrderIsNotAnsweredByThisBundle() throws Exception {
        String order = new String(files.get(BundleLayout.ORDER), StandardCharsets.UTF_8);
        for (String[] change : new String[][] {
            {"2026-05-06", "2026-05-09"}, {"\"alice\"", "\"alice\",\"bob\""}, {"acme", "acne"}, {"Sato", "Mori"}
        }) {
            Map<String, byte[]> changed = new TreeMap<>(files);
            String other = order.replace(change[0], change[1]);
            assertNotEquals(order, other);
            changed.put(BundleLayout.ORDER, other.getBytes(StandardCharsets.UTF_8));
            assertFailed(verifySigned(changed), other);
        }
    }

    @Test
    void besideAnUnpackedBagLiesNothing() throws Exception {
        Path unpacked = Files.createDirectory(directory.resolve("unpacked"));
        Path bag = Files.createDirectory(unpacked.resolve("bag"));
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Path path = bag.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.write(path, file.getValue());
        }
        assertEquals(Verdict.PASSED, verify(unpacked).verdict());
        assertEquals(Verdict.PASSED, verify(bag).verdict());
        Path beside = Files.writeString(unpacked.resolve("notes.txt"), "mine");
        assertFailed(verify(unpacked), "a file beside the bag");
        Files.delete(beside);
        Files.write(unpacked.resolve("bagit.txt"), files.get("bagit.txt"));
        assertFailed(verify(unpacked), "a bag around the bag");
        Path empty = Files.createDirectory(bag.resolve("empty"));
        assertFailed(verify(bag), "an empty directory");
        Files.delete(empty);
        Files.createSymbolicLink(bag.resolve("link"), bag.resolve("bagit.txt"));
        assertFailed(verify(bag), "a link");
    }
}
