package dev.evidencevault.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.Actor;
import dev.evidencevault.AppendRefusedException;
import dev.evidencevault.Event;
import dev.evidencevault.SmallVault;
import dev.evidencevault.TenantLog;
import dev.evidencevault.TenantQuota;
import dev.evidencevault.Vault;
import dev.evidencevault.bundle.BundleLayout;
import dev.evidencevault.bundle.Completeness;
import dev.evidencevault.bundle.HiddenRun;
import dev.evidencevault.bundle.LeafLine;
import dev.evidencevault.crypto.merkle.CompactRange;
import dev.evidencevault.crypto.note.CheckpointSigner;
import dev.evidencevault.format.LeafHeader;
import dev.evidencevault.format.RecordKind;
import dev.evidencevault.reader.VaultReader;
import dev.evidencevault.verify.BundleVerifier;
import dev.evidencevault.verify.Claim;
import dev.evidencevault.verify.Finding;
import dev.evidencevault.verify.Verdict;
import dev.evidencevault.verify.VerificationReport;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That events were refused cannot be left out of a bundle, whomever its order is about, with the signing key either. */
class GapInBundleTest {
    private static final Clock STILL = Clock.fixed(Instant.parse("2026-05-02T00:00:00Z"), ZoneOffset.UTC);

    @TempDir
    private Path directory;

    private Map<String, byte[]> files;
    private CheckpointSigner signer;
    private VaultReader reader;
    private Path bundle;
    private int gap;

    @BeforeEach
    void exportABundleWithAGap() throws Exception {
        Path path = directory.resolve("vault");
        try (Vault vault = Vault.create(
                path,
                SmallVault.SECRET,
                SmallVault.options().withClock(STILL).withQuotas(tenant -> new TenantQuota(4, 1 << 20)))) {
            TenantLog log = vault.tenant("acme");
            for (String actor : List.of("alice", "bob", "alice", "bob")) {
                log.appendAndWait(Event.of("act")
                        .actor(Actor.tenant(actor))
                        .original("{}")
                        .build());
            }
            assertThrows(
                    AppendRefusedException.class,
                    () -> log.append(Event.of("act").actor(Actor.tenant("bob")).build()));
        }
        reader = SmallVault.open(path);
        signer = reader.unlocked().checkpointSigner();
        bundle = directory.resolve("bundle.zip");
        new EvidenceExport(reader, Clock.systemUTC())
                .export(EvidenceExportTest.order("'actors':['alice']"), bundle, Completeness.HEADERS);
        files = ForgedBundle.of(bundle, signer).files();
        List<String> leaves = lines(BundleLayout.LEAVES);
        gap = -1;
        for (int i = 0; i < leaves.size(); i++) {
            if (leaf(leaves.get(i)).header().kind() == RecordKind.GAP) {
                gap = i;
            }
        }
        assertTrue(gap >= 0, leaves::toString);
        assertEquals(Verdict.PASSED, forged(Map.of()).verdict());
    }

    private List<String> lines(String name) {
        return new ArrayList<>(
                new String(files.get(name), StandardCharsets.UTF_8).lines().toList());
    }

    private static LeafLine leaf(String line) {
        return LeafLine.parse(line.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] bytes(List<String> lines) {
        return (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** The records without that of the gap, and the statement that counts one less. */
    private Map<String, byte[]> withoutTheRecord() {
        List<String> records = lines(BundleLayout.RECORDS);
        assertTrue(records.removeIf(line -> line.contains("\"type\":\"gap\"")), records::toString);
        String statement = new String(files.get(BundleLayout.EXPORT), StandardCharsets.UTF_8);
        String counted = "\"records\":" + (records.size() + 1) + ",";
        assertTrue(statement.contains(counted), statement);
        Map<String, byte[]> changed = new TreeMap<>();
        changed.put(BundleLayout.RECORDS, bytes(records));
        changed.put(
                BundleLayout.EXPORT,
                statement
                        .replace(counted, "\"records\":" + records.size() + ",")
                        .getBytes(StandardCharsets.UTF_8));
        return changed;
    }

    private VerificationReport forged(Map<String, byte[]> changes) throws Exception {
        return forged(ForgedBundle.of(bundle, signer), changes);
    }

    private VerificationReport forged(ForgedBundle forged, Map<String, byte[]> changes) throws Exception {
        forged.files().putAll(changes);
        Path zip = directory.resolve("forged.zip");
        forged.writeSigned(zip);
        VerificationReport report = new BundleVerifier(signer.keys().verifier()).verify(zip);
        SecondVerifier.requireAgreement(zip, report);
        return report;
    }

    private static void requireFailed(VerificationReport report, Claim claim, String reason) {
        assertEquals(Verdict.FAILED, report.verdict(), report::toString);
        List<Finding> failed = report.with(Verdict.FAILED);
        assertTrue(
                failed.stream()
                        .anyMatch(finding ->
                                finding.claim() == claim && finding.reason().contains(reason)),
                failed::toString);
        assertTrue(
                failed.stream().noneMatch(finding -> finding.claim() == Claim.SIGNATURE),
                "signatures and manifests were made anew");
    }

    @Test
    void aGapThatIsHiddenFromAnIndexIsMissed() throws Exception {
        Path indexed = directory.resolve("indexed.zip");
        new EvidenceExport(reader, Clock.systemUTC()).export(EvidenceExportTest.order("'actors':['alice']"), indexed);
        ForgedBundle forged = ForgedBundle.of(indexed, signer);
        List<String> leaves = forged.lines(BundleLayout.LEAVES);
        assertEquals(Verdict.PASSED, forged(forged.copy(), Map.of()).verdict());
        int last = leaves.size() - 1;
        LeafHeader header = leaf(leaves.get(last)).header();
        assertEquals(RecordKind.GAP, header.kind());
        // The record before it is bob's, and hidden: both become one run.
        HiddenRun before = leaf(leaves.get(last - 1)).run();
        assertNotEquals(null, before);
        CompactRange run = CompactRange.of(
                header.seq() - 1, header.seq(), Objects.requireNonNull(before).subtrees());
        run.append(header.leafHash());
        leaves.set(last - 1, new String(LeafLine.hidden(HiddenRun.of(run)).format(), StandardCharsets.UTF_8));
        leaves.remove(last);
        Map<String, byte[]> changed = withoutTheRecord();
        changed.remove(BundleLayout.RECORDS);
        List<String> records = forged.lines(BundleLayout.RECORDS);
        records.remove(records.size() - 1);
        changed.put(BundleLayout.RECORDS, bytes(records));
        changed.put(BundleLayout.LEAVES, bytes(leaves));
        requireFailed(forged(forged, changed), Claim.COMPLETENESS, "of segment 1");
    }

    @Test
    void aGapThatIsWithheldIsMissed() throws Exception {
        List<String> leaves = lines(BundleLayout.LEAVES);
        LeafHeader header = leaf(leaves.get(gap)).header();
        leaves.set(gap, new String(LeafLine.withheld(header).format(), StandardCharsets.UTF_8));
        Map<String, byte[]> changed = withoutTheRecord();
        changed.put(BundleLayout.LEAVES, bytes(leaves));
        requireFailed(forged(changed), Claim.COMPLETENESS, "is what the order asks for and was left out");
    }

    @Test
    void aGapWhoseLeafIsGoneIsMissed() throws Exception {
        List<String> leaves = lines(BundleLayout.LEAVES);
        leaves.remove(gap);
        Map<String, byte[]> changed = withoutTheRecord();
        changed.put(BundleLayout.LEAVES, bytes(leaves));
        requireFailed(forged(changed), Claim.SEGMENTS, "");
    }

    @Test
    void aGapThatIsMadeAnEventOfNobodyIsFound() throws Exception {
        List<String> leaves = lines(BundleLayout.LEAVES);
        LeafHeader header = leaf(leaves.get(gap)).header();
        LeafHeader event = new LeafHeader(
                header.logId(),
                header.seq(),
                header.recordedAt(),
                header.occurredAt(),
                RecordKind.EVENT,
                header.privileged(),
                header.serviceTag(),
                header.actors(),
                header.commitment());
        leaves.set(gap, new String(LeafLine.withheld(event).format(), StandardCharsets.UTF_8));
        Map<String, byte[]> changed = withoutTheRecord();
        changed.put(BundleLayout.LEAVES, bytes(leaves));
        requireFailed(forged(changed), Claim.SEGMENTS, "not those that it was made over");
    }

    @Test
    void aLineOfTheGapThatIsGoneOrChangedIsFound() throws Exception {
        requireFailed(forged(withoutTheRecord()), Claim.SEGMENTS, "is missing");
        List<String> records = lines(BundleLayout.RECORDS);
        records.replaceAll(line -> line.replace("\"rate\":1", "\"rate\":9"));
        assertNotEquals(lines(BundleLayout.RECORDS), records);
        requireFailed(forged(Map.of(BundleLayout.RECORDS, bytes(records))), Claim.RECORDS, "that the log committed to");
    }
}
