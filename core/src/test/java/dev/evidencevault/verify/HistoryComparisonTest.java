package dev.evidencevault.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.Event;
import dev.evidencevault.SmallVault;
import dev.evidencevault.Vault;
import dev.evidencevault.anchor.Anchor;
import dev.evidencevault.cases.Order;
import dev.evidencevault.crypto.note.NoteVerifier;
import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.evidence.EvidenceExport;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryComparisonTest {
    @TempDir
    private Path directory;

    private Path vault;
    private Path early;
    private NoteVerifier key;

    @BeforeEach
    void write() throws IOException {
        vault = directory.resolve("vault");
        SmallVault.write(vault);
        early = copy(vault.resolve("anchors/checkpoint"), "early.note");
        key = Settings.read(new Layout(vault)).verifier();
    }

    private Path copy(Path file, String name) throws IOException {
        return Files.copy(file, directory.resolve(name));
    }

    private Path copyOfVault(String name) throws IOException {
        Path copy = directory.resolve(name);
        for (Map.Entry<String, byte[]> file : SmallVault.contents(vault).entrySet()) {
            Path to = copy.resolve(file.getKey());
            Files.createDirectories(to.getParent());
            Files.write(to, file.getValue());
        }
        Files.createDirectories(copy.resolve("journal"));
        return copy;
    }

    private static void append(Path to, String action) throws Exception {
        try (Vault open = Vault.open(to, SmallVault.SECRET, SmallVault.options())) {
            open.tenant("acme").appendAndWait(Event.of(action).build());
        }
    }

    private HistoryComparison.Result compare(Path a, Path b) throws IOException {
        HistoryComparison.Result there = new HistoryComparison(key).compare(a, b);
        HistoryComparison.Result back = new HistoryComparison(key).compare(b, a);
        assertEquals(there.verdict(), back.verdict());
        assertEquals(there.proof().isPresent(), back.proof().isPresent());
        return there;
    }

    @Test
    void oneThatGoesOnContinuesTheOther() throws Exception {
        Path before = copyOfVault("before");
        append(vault, "more");
        assertEquals(Verdict.PASSED, compare(vault, early).verdict());
        assertEquals(Verdict.PASSED, compare(vault, before).verdict());
        assertEquals(Verdict.PASSED, compare(before, early).verdict());
        assertEquals(Verdict.PASSED, compare(early, early).verdict());
        assertEquals(
                Verdict.PASSED,
                new HistoryComparison(null).compare(vault, early).verdict());
    }

    @Test
    void twoHistoriesAreProvenToEverybody() throws Exception {
        Path fork = copyOfVault("fork");
        append(vault, "one");
        append(fork, "another");
        append(fork, "and another");
        HistoryComparison.Result result = compare(vault, fork);
        assertEquals(Verdict.FAILED, result.verdict());
        HistoryComparison.ForkProof proof = result.proof().orElseThrow();
        assertTrue(proof.key().verifies(proof.first()) && proof.key().verifies(proof.second()));
        assertNotEquals(proof.first().text(), proof.second().text());
        Path first = Files.write(directory.resolve("first.note"), proof.first().format());
        Path second =
                Files.write(directory.resolve("second.note"), proof.second().format());
        assertEquals(Verdict.FAILED, compare(first, second).verdict());
        assertTrue(compare(first, second).proof().isPresent());
        assertEquals(Verdict.FAILED, compare(fork, first).verdict());
    }

    @Test
    void anchorsThatAreGoneAreNoticed() throws Exception {
        append(vault, "more");
        Path kept = Files.write(
                directory.resolve("one.note"),
                Anchor.read(
                                new Layout(vault),
                                1,
                                Settings.read(new Layout(vault)).keys())
                        .note()
                        .format());
        assertEquals(Verdict.PASSED, compare(vault, kept).verdict());
        Files.delete(vault.resolve("anchors/00000001.eva"));
        HistoryComparison.Result result = compare(vault, kept);
        assertEquals(Verdict.FAILED, result.verdict());
        assertEquals(Optional.empty(), result.proof());
    }

    @Test
    void anAnchorBetweenThatIsGoneIsNoticed() throws Exception {
        append(vault, "more");
        append(vault, "and more");
        Path kept = Files.write(directory.resolve("one.note"), note(vault, 1).format());
        assertEquals(Verdict.PASSED, compare(vault, kept).verdict());
        for (long gone = 2; gone <= 4; gone++) {
            Path anchor = vault.resolve("anchors/0000000" + gone + ".eva");
            byte[] content = Files.readAllBytes(anchor);
            Files.delete(anchor);
            HistoryComparison.Result result = compare(vault, kept);
            assertEquals(Verdict.FAILED, result.verdict());
            assertTrue(result.reason().contains("the anchor is missing"), result.reason());
            assertEquals(Optional.empty(), result.proof());
            VerificationReport report = new VaultVerifier(null, null).verify(vault);
            assertEquals(Verdict.FAILED, report.verdict());
            Finding finding = report.findings().get(0);
            assertEquals("anchors/0000000" + gone + ".eva", finding.where());
            assertTrue(finding.reason().contains("the anchor is missing"), finding.reason());
            Files.write(anchor, content);
        }
        assertEquals(Verdict.PASSED, compare(vault, kept).verdict());
    }

    /** Signatures on both do not tell: anchors of two histories stand side by side. */
    @Test
    void anAnchorOfTheOtherHistoryUnderItsLatestIsNoticed() throws Exception {
        Path fork = copyOfVault("fork");
        for (int i = 0; i < 2; i++) {
            append(vault, "one");
            append(fork, "another");
        }
        Path kept = Files.write(directory.resolve("four.note"), note(vault, 4).format());
        assertEquals(Verdict.PASSED, compare(vault, kept).verdict());
        assertTrue(compare(fork, kept).proof().isPresent());
        Files.copy(
                vault.resolve("anchors/00000004.eva"),
                fork.resolve("anchors/00000004.eva"),
                StandardCopyOption.REPLACE_EXISTING);
        HistoryComparison.Result result = compare(fork, kept);
        assertEquals(Verdict.FAILED, result.verdict());
        assertTrue(result.reason().contains("does not continue this one"), result.reason());
        HistoryComparison.Result both = compare(fork, vault);
        assertEquals(Verdict.FAILED, both.verdict());
        assertTrue(both.proof().isPresent(), "the latest of both are of one size");
        append(vault, "more");
        assertEquals(Verdict.FAILED, compare(fork, vault).verdict());
        assertEquals(Verdict.FAILED, new VaultVerifier(null, null).verify(fork).verdict());
        Files.copy(
                vault.resolve("anchors/00000005.eva"),
                fork.resolve("anchors/00000005.eva"),
                StandardCopyOption.REPLACE_EXISTING);
        assertEquals(Verdict.FAILED, new VaultVerifier(null, null).verify(fork).verdict(), "its logs are others");
    }

    private static SignedNote note(Path vault, long number) throws IOException {
        Layout layout = new Layout(vault);
        return Anchor.read(layout, number, Settings.read(layout).keys()).note();
    }

    private Path export(Path from, String name) throws Exception {
        String order = "{\"order\":\"1\",\"issuer\":\"Court\",\"legalBasis\":\"Art. 99\",\"tenant\":\"acme\","
                + "\"requestedBy\":\"Mori\",\"approvedBy\":\"Sato\"}";
        Path bundle = directory.resolve(name);
        new EvidenceExport(SmallVault.open(from), Clock.systemUTC())
                .export(Order.parse(order.getBytes(StandardCharsets.UTF_8)), bundle);
        return bundle;
    }

    @Test
    void aBundleIsAViewToo() throws Exception {
        Path fork = copyOfVault("fork");
        Path before = export(vault, "before.zip");
        assertEquals(Verdict.PASSED, compare(before, before).verdict());
        assertEquals(Verdict.PASSED, compare(before, early).verdict());
        assertEquals(Verdict.PASSED, compare(before, vault).verdict());
        append(vault, "one");
        append(fork, "another");
        Path after = export(vault, "after.zip");
        Path again = export(vault, "again.zip");
        Path other = export(fork, "other.zip");
        assertEquals(Verdict.PASSED, compare(before, vault).verdict());
        assertEquals(Verdict.PASSED, compare(before, fork).verdict());
        assertEquals(Verdict.PASSED, compare(after, again).verdict());
        assertEquals(Verdict.PASSED, compare(after, vault).verdict());
        assertEquals(Verdict.INDETERMINATE, compare(before, after).verdict());
        for (Path view : new Path[] {other, fork}) {
            HistoryComparison.Result result = compare(after, view);
            assertEquals(Verdict.FAILED, result.verdict());
            HistoryComparison.ForkProof proof = result.proof().orElseThrow();
            assertTrue(proof.key().verifies(proof.first()) && proof.key().verifies(proof.second()));
        }
        append(vault, "two");
        assertEquals(Verdict.FAILED, compare(vault, other).verdict());
        Path elsewhere = directory.resolve("elsewhere");
        SmallVault.write(elsewhere);
        assertEquals(
                Verdict.INDETERMINATE,
                compare(after, export(elsewhere, "elsewhere.zip")).verdict());
    }

    @Test
    void whatCannotBeComparedIsUndecided() throws Exception {
        append(vault, "more");
        Path later = copy(vault.resolve("anchors/checkpoint"), "later.note");
        assertEquals(Verdict.INDETERMINATE, compare(early, later).verdict());
        Path other = directory.resolve("other");
        SmallVault.write(other);
        assertEquals(Verdict.INDETERMINATE, compare(vault, other).verdict());
        NoteVerifier otherKey = Settings.read(new Layout(other)).verifier();
        assertEquals(
                Verdict.INDETERMINATE,
                new HistoryComparison(otherKey).compare(early, early).verdict());
        assertEquals(
                Verdict.INDETERMINATE,
                new HistoryComparison(null).compare(early, early).verdict());
        assertThrows(NoSuchFileException.class, () -> compare(vault, directory.resolve("nosuch")));
        Path garbage = Files.writeString(directory.resolve("garbage"), "no note");
        assertThrows(IllegalArgumentException.class, () -> compare(vault, garbage));
        Path empty = Files.createDirectory(directory.resolve("empty"));
        assertThrows(IllegalArgumentException.class, () -> compare(vault, empty));
    }
}
