package dev.evidencevault.evidence;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.SmallVault;
import dev.evidencevault.bundle.BundleFiles;
import dev.evidencevault.bundle.BundleLayout;
import dev.evidencevault.bundle.PaperFiles;
import dev.evidencevault.docs.FormatVectors;
import dev.evidencevault.papers.Papers;
import dev.evidencevault.papers.Tool;
import dev.evidencevault.reader.VaultReader;
import dev.evidencevault.verify.BundleVerifier;
import dev.evidencevault.verify.Claim;
import dev.evidencevault.verify.Finding;
import dev.evidencevault.verify.Verdict;
import dev.evidencevault.verify.VerificationReport;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The papers, the report and the two programs in a bundle: which there are, where they are listed, that every byte counts. */
class CompanionsTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-07-01T00:00:00Z"), ZoneOffset.UTC);
    private static final String ALICE = "'actors':['alice'],'to':'2026-05-06T00:00:00Z'";

    @TempDir
    private static Path directory;

    private static VaultReader reader;
    private static Path bundle;
    private static ForgedBundle whole;

    @BeforeAll
    static void export() throws Exception {
        Path vault = directory.resolve("vault");
        SmallVault.write(vault);
        reader = SmallVault.open(vault);
        bundle = export(new EvidenceExport(reader, CLOCK), ALICE, "bundle.zip");
        whole = ForgedBundle.of(bundle, reader.unlocked().checkpointSigner());
    }

    private static Path export(EvidenceExport export, String scope, String name) throws Exception {
        Path out = directory.resolve(name);
        EvidenceExport.Result result = export.export(EvidenceExportTest.order(scope), out);
        assertEquals(Verdict.PASSED, result.report().verdict(), result.report()::toString);
        return out;
    }

    /** What both verifiers say. */
    private static VerificationReport verify(Path zip) throws Exception {
        VerificationReport report = new BundleVerifier(null).verify(zip);
        SecondVerifier.requireAgreement(zip, report);
        return report;
    }

    private static Path write(ForgedBundle forged) throws Exception {
        Path zip = directory.resolve("changed.zip");
        forged.write(zip);
        return zip;
    }

    private static void requireFailed(Claim claim, ForgedBundle forged, String what) throws Exception {
        List<Finding> failed = verify(write(forged)).with(Verdict.FAILED);
        assertEquals(
                Set.of(claim), new TreeSet<>(failed.stream().map(Finding::claim).toList()), what + ": " + failed);
    }

    @Test
    void everyBundleHasThem() throws Exception {
        Set<String> expected = new TreeSet<>(BundleLayout.companions());
        assertEquals(21, expected.size());
        Set<String> found = new TreeSet<>(whole.files().keySet());
        assertEquals(38, found.size());
        found.retainAll(expected);
        assertEquals(expected, found);
        assertEquals(Verdict.PASSED, verify(bundle).verdict());
        assertArrayEquals(
                Files.readAllBytes(FormatVectors.repository("verifier").resolve("evault_verify.py")),
                whole.files().get(BundleLayout.SECOND_VERIFIER));
    }

    @Test
    void anOrderByTimeOfRecordingHasThemAsWell() throws Exception {
        ForgedBundle range = ForgedBundle.of(
                export(new EvidenceExport(reader, CLOCK), "'clock':'recorded'", "range.zip"),
                reader.unlocked().checkpointSigner());
        assertTrue(range.files().keySet().containsAll(BundleLayout.companions()));
        assertEquals(Verdict.PASSED, verify(directory.resolve("range.zip")).verdict());
    }

    @Test
    void viewsCanBeLeftOut() throws Exception {
        Path out = export(
                new EvidenceExport(reader, CLOCK, ExportOptions.defaults().withViews(false)), ALICE, "no-views.zip");
        ForgedBundle without = ForgedBundle.of(out, reader.unlocked().checkpointSigner());
        Set<String> gone = new TreeSet<>(whole.files().keySet());
        gone.removeAll(without.files().keySet());
        assertEquals(new TreeSet<>(PaperFiles.payload()), gone);
        assertTrue(without.text(PaperFiles.TOOL).contains(" --no-views\""), without.text(PaperFiles.TOOL));
        assertFalse(whole.text(PaperFiles.TOOL).contains("--no-views"));
        assertEquals(Verdict.PASSED, verify(out).verdict());
        requireOxum(whole, 5);
        requireOxum(without, 2);
    }

    private static void requireOxum(ForgedBundle forged, int files) {
        long bytes = 0;
        int count = 0;
        for (Map.Entry<String, byte[]> file : forged.files().entrySet()) {
            if (file.getKey().startsWith("data/")) {
                bytes += file.getValue().length;
                count++;
            }
        }
        assertEquals(files, count);
        assertTrue(forged.lines(BundleLayout.BAG_INFO).contains("Payload-Oxum: " + bytes + "." + count));
        assertEquals(count, forged.lines(BundleLayout.MANIFEST).size());
    }

    /** Nothing of a bundle depends on when or how often it is made, but for what the statement says. */
    @Test
    void theSameOrderAtTheSameTimeGivesTheSameBytes() throws Exception {
        for (String scope : List.of(ALICE, "", "'privilegedOnly':true", "'clock':'recorded'")) {
            Path first = export(new EvidenceExport(reader, CLOCK), scope, "first.zip");
            Path second = export(new EvidenceExport(reader, CLOCK), scope, "second.zip");
            Map<String, byte[]> one =
                    ForgedBundle.of(first, reader.unlocked().checkpointSigner()).files();
            Map<String, byte[]> other = ForgedBundle.of(
                            second, reader.unlocked().checkpointSigner())
                    .files();
            assertEquals(one.keySet(), other.keySet());
            one.forEach((name, content) -> {
                if (!Set.of(BundleLayout.SIGNATURE, BundleLayout.POST_QUANTUM_SIGNATURE)
                        .contains(name)) {
                    assertArrayEquals(content, other.get(name), name);
                }
            });
            Files.delete(first);
            Files.delete(second);
        }
    }

    @Test
    void papersCanBeMadeAgainFromTheBundle() throws Exception {
        Map<String, ByteArrayOutputStream> again = new TreeMap<>();
        new Papers(Tool.running())
                .write(name -> new ByteArrayInputStream(whole.files().getOrDefault(name, new byte[0])), name -> {
                    ByteArrayOutputStream out = new ByteArrayOutputStream();
                    again.put(name, out);
                    return out;
                });
        assertEquals(PaperFiles.payload().size() + PaperFiles.tags().size(), again.size());
        again.forEach((name, out) -> assertArrayEquals(whole.files().get(name), out.toByteArray(), name));
    }

    /** The page is about all files that were there when it was made, and carries none of the companions. */
    @Test
    void theReportIsAboutTheBundleBeforeItIsSigned() {
        String page = whole.text(BundleLayout.REPORT);
        Set<String> named = new TreeSet<>(whole.files().keySet());
        named.removeAll(Set.of(
                BundleLayout.REPORT,
                BundleLayout.MANIFEST,
                BundleLayout.TAG_MANIFEST,
                BundleLayout.SIGNATURE,
                BundleLayout.POST_QUANTUM_SIGNATURE));
        for (String name : whole.files().keySet()) {
            assertEquals(named.contains(name), page.contains("{\"name\":\"" + name + "\",\"bytes\":"), name);
            assertFalse(
                    BundleLayout.companions().contains(name)
                            && page.contains("{\"name\":\"" + name + "\",\"content\":"),
                    name);
        }
    }

    @Test
    void noneHasToBeThere() throws Exception {
        whole.copy().withoutCompanions().writeSigned(directory.resolve("none.zip"));
        assertEquals(Verdict.PASSED, verify(directory.resolve("none.zip")).verdict());
        for (String name : BundleLayout.companions()) {
            ForgedBundle one = whole.copy();
            one.files().remove(name);
            one.writeSigned(directory.resolve("all-but-one.zip"));
            assertEquals(
                    Verdict.PASSED, verify(directory.resolve("all-but-one.zip")).verdict(), name);
        }
    }

    @Test
    void everyRegionOfEveryOneCounts() throws Exception {
        for (String name : BundleLayout.companions()) {
            byte[] content = Objects.requireNonNull(whole.files().get(name));
            for (int at = 0; at < content.length; at += Math.max(1, content.length / 7)) {
                byte[] changed = content.clone();
                changed[at] ^= 1;
                ForgedBundle forged = whole.copy();
                forged.files().put(name, changed);
                Path zip = write(forged);
                VerificationReport report = at == 0 ? verify(zip) : new BundleVerifier(null).verify(zip);
                assertEquals(
                        List.of(name),
                        report.with(Verdict.FAILED).stream().map(Finding::where).toList(),
                        name + " byte " + at);
            }
        }
    }

    @Test
    void oneThatIsListedIsThereAndOneThatIsThereIsListed() throws Exception {
        for (String name : BundleLayout.companions()) {
            ForgedBundle missing = whole.copy();
            missing.files().remove(name);
            requireFailed(Claim.MANIFEST, missing, "without " + name);

            ForgedBundle unlisted = whole.copy();
            byte[] content = Objects.requireNonNull(unlisted.files().remove(name));
            unlisted.sign(
                    BundleLayout.payload(unlisted.files()::containsKey),
                    BundleLayout.tags(unlisted.files()::containsKey));
            unlisted.files().put(name, content);
            requireFailed(Claim.MANIFEST, unlisted, "with an unlisted " + name);
        }
    }

    @Test
    void eachIsListedInItsManifest() throws Exception {
        for (String name : BundleLayout.companions()) {
            ForgedBundle misplaced = whole.copy();
            List<String> payload = new ArrayList<>(BundleLayout.payload(whole.files()::containsKey));
            List<String> tags = new ArrayList<>(BundleLayout.tags(whole.files()::containsKey));
            boolean move = payload.remove(name) ? tags.add(name) : tags.remove(name) && payload.add(name);
            assertTrue(move, name);
            misplaced.sign(payload, tags);
            requireFailed(Claim.MANIFEST, misplaced, name);
        }
    }

    @Test
    void noOtherNameIsAccepted() throws Exception {
        for (String name : List.of(
                "papers.txt",
                "custody/items.csv",
                "custody/notes.txt",
                "data/views/x.csv",
                "data/records/000002.jsonl",
                "schema/x.json",
                "verify.SH",
                "proofs/verify.sh",
                "proofs/timestamp-3.tsr")) {
            ForgedBundle forged = whole.copy().put(name, "mine");
            List<String> payload = new ArrayList<>(BundleLayout.payload(whole.files()::containsKey));
            List<String> tags = new ArrayList<>(BundleLayout.tags(whole.files()::containsKey));
            (name.startsWith("data/") ? payload : tags).add(name);
            forged.sign(payload, tags);
            assertTrue(
                    verify(write(forged)).with(Verdict.FAILED).stream()
                            .anyMatch(finding -> finding.claim() == Claim.FILES
                                    && finding.where().equals(name)),
                    name);
        }
    }

    @Test
    void bothReadmesNameThem() throws Exception {
        String japanese = whole.text(PaperFiles.README_JA);
        String english = whole.text(BundleLayout.README);
        for (String name : List.of("report.html", "verify.sh", "evault_verify.py", "data/views/", "schema/")) {
            assertTrue(english.contains(name) && japanese.contains(name), name);
        }
        for (String name : PaperFiles.tags()) {
            String last = name.substring(name.lastIndexOf('/') + 1);
            if (name.startsWith("custody/")) {
                assertTrue(english.contains(last) && japanese.contains(last), name);
            }
        }
        try (BundleFiles files = BundleFiles.open(bundle)) {
            assertEquals(english, new String(files.read(BundleLayout.README, 1 << 20), StandardCharsets.UTF_8));
        }
    }
}
