package dev.evidencevault.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.bundle.BundleLayout;
import dev.evidencevault.bundle.LeafLine;
import dev.evidencevault.cases.StepBody.Redacted;
import dev.evidencevault.format.Json;
import dev.evidencevault.redaction.FieldPath;
import dev.evidencevault.redaction.Redaction;
import dev.evidencevault.verify.BundleVerifier;
import dev.evidencevault.verify.Claim;
import dev.evidencevault.verify.Finding;
import dev.evidencevault.verify.RecordProofVerifier;
import dev.evidencevault.verify.Verdict;
import dev.evidencevault.verify.VerificationReport;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A bundle of which fields are withheld: nothing of them is anywhere in it, what is left verifies, and whoever holds the
 * vault's key can neither withhold more, nor show it as if less were withheld, without being found by both verifiers.
 */
class RedactedBundleTest {
    private static final String SECRET = RedactedVault.SECRET;

    @TempDir
    private static Path directory;

    private static RedactedVault vault;
    private static Path whole;
    private static ForgedBundle bundle;

    @BeforeAll
    static void export() throws Exception {
        vault = RedactedVault.write(directory.resolve("vault"));
        whole = directory.resolve("bundle.zip");
        bundle = exported(whole, RedactedVault.some());
        bundle.withoutCompanions();
    }

    private static ForgedBundle exported(Path out, Redacted... redactions) throws Exception {
        return vault.exported(out, redactions);
    }

    private static VerificationReport verify(Path zip) throws Exception {
        VerificationReport report = new BundleVerifier(null).verify(zip);
        SecondVerifier.requireAgreement(zip, report);
        return report;
    }

    @Test
    void itVerifiesAndSaysWhatIsWithheldAndWhy() throws Exception {
        VerificationReport report = verify(whole);
        assertEquals(Verdict.PASSED, report.verdict(), report.toString());
        String said = report.findings().stream()
                .filter(finding -> finding.claim() == Claim.REDACTION)
                .map(Finding::reason)
                .findFirst()
                .orElseThrow();
        assertEquals(
                "withheld, as K. Sato approved: 6 fields of 5 records: 4 under rule 1 (/details/patient, health of a third"
                        + " person), 1 under rule 2 (/targets/1, health of a third person), 1 under rule 3 (/reason, health"
                        + " of a third person)",
                said);
    }

    @Test
    void nothingOfWhatIsWithheldIsInTheBundle() throws Exception {
        for (Map.Entry<String, byte[]> file :
                ForgedBundle.of(whole, vault.signer()).files().entrySet()) {
            String text = new String(file.getValue(), StandardCharsets.ISO_8859_1);
            assertFalse(text.contains(SECRET), file.getKey());
            assertFalse(text.contains("Patient"), file.getKey());
        }
        assertFalse(new String(Files.readAllBytes(whole), StandardCharsets.ISO_8859_1).contains(SECRET));
    }

    @Test
    void whatIsLeftStandsAsItWasWritten() {
        List<String> lines = bundle.lines(BundleLayout.RECORDS);
        assertTrue(
                lines.get(0).contains("\"details\":{\"patient\" : \"withheld by redaction 1\" ,\"ward\":[1, 2]}"),
                lines.get(0));
        assertTrue(lines.get(1).contains("\"reason\":\"withheld by redaction 3\""), lines.get(1));
        assertTrue(lines.get(2).endsWith("\"details\":\"withheld by redaction 1\"}"), lines.get(2));
        assertTrue(
                lines.get(3)
                        .endsWith("\"details\":{\"patient\":\"withheld by redaction 1\"},\"original\":\"withheld by"
                                + " redaction 1\"}"),
                lines.get(3));
        assertTrue(
                lines.get(4)
                        .contains("\"targets\":[{\"type\":\"record\",\"id\":\"doc-1\"},\"withheld by redaction 2\"]"),
                lines.get(4));
        assertEquals("{\"n\":1}\n", bundle.text(BundleLayout.ORIGINALS), "of records of which nothing is withheld");
        List<String> leaves = bundle.lines(BundleLayout.LEAVES);
        assertEquals(
                5, leaves.stream().filter(line -> line.contains("\"fields\"")).count());
        assertEquals(
                1, leaves.stream().filter(line -> line.contains("\"salt\"")).count());
    }

    @Test
    void namesCanBeWithheldAndTheirPseudonymsStay() throws Exception {
        Path out = directory.resolve("names.zip");
        ForgedBundle names = exported(out, RedactedVault.redact("", "/actor", "/service", "/action"));
        assertEquals(Verdict.PASSED, verify(out).verdict());
        String line = names.lines(BundleLayout.RECORDS).get(0);
        assertTrue(
                line.contains(
                        "\"actor\":{\"side\":\"tenant\",\"id\":\"withheld by redaction 1\",\"privileged\":false}"),
                line);
    }

    @Test
    void whereNothingMatchesTheRulesAreThereAllTheSame() throws Exception {
        Path out = directory.resolve("nothing.zip");
        ForgedBundle nothing = exported(out, RedactedVault.redact("", "/details/absent", "/privilege"));
        // The third record has too many members for one of them to be withheld by itself.
        assertTrue(nothing.lines(BundleLayout.RECORDS).get(2).endsWith("\"withheld by redaction 1\"}"));
        Path without = directory.resolve("without.zip");
        ForgedBundle removed = exported(without, RedactedVault.redact("", "/privilege"));
        assertEquals(Verdict.PASSED, verify(without).verdict());
        removed.files().remove(BundleLayout.REDACTION);
        removed.writeSigned(without);
        assertEquals(Verdict.FAILED, verify(without).verdict());
    }

    /** The same in a bundle that shows a range of the log between two brackets. */
    @Test
    void anOrderByTimeOfRecordingIsRedactedAsWell() throws Exception {
        Path out = directory.resolve("range.zip");
        ForgedBundle range = vault.exportedRange(out, RedactedVault.some());
        VerificationReport report = verify(out);
        assertEquals(List.of(), report.with(Verdict.FAILED));
        // The order's time has not ended yet, and so it is open whether that is all.
        assertEquals(
                List.of(Claim.COMPLETENESS),
                report.with(Verdict.INDETERMINATE).stream().map(Finding::claim).toList());
        assertTrue(
                report.with(Verdict.PASSED).stream().anyMatch(finding -> finding.claim() == Claim.REDACTION),
                report.toString());
        assertTrue(range.text(BundleLayout.SCOPE).contains("\"completeness\":\"range\""));
        assertEquals(bundle.lines(BundleLayout.RECORDS), range.lines(BundleLayout.RECORDS));
        for (byte[] file : range.files().values()) {
            assertFalse(new String(file, StandardCharsets.ISO_8859_1).contains(SECRET));
        }
        List<String> records = range.lines(BundleLayout.RECORDS);
        records.set(1, records.get(1).replace("withheld by redaction 3", "withheld by redaction 1"));
        fails("another rule in a range", Claim.REDACTION, range.copy().putLines(BundleLayout.RECORDS, records));
        ForgedBundle unruled = range.copy();
        unruled.files().remove(BundleLayout.REDACTION);
        fails("a range without its rules", Claim.REDACTION, unruled);
    }

    /** Without a redaction bundles and proofs look as those of other vaults, but for the flag. */
    @Test
    void withoutARedactionRecordsAreShownWhole() throws Exception {
        Path out = directory.resolve("unredacted.zip");
        ForgedBundle unredacted = exported(out);
        VerificationReport report = verify(out);
        assertEquals(Verdict.PASSED, report.verdict(), report.toString());
        assertTrue(report.findings().stream().noneMatch(finding -> finding.claim() == Claim.REDACTION));
        assertFalse(unredacted.files().containsKey(BundleLayout.REDACTION));
        assertEquals(
                6,
                unredacted.lines(BundleLayout.LEAVES).stream()
                        .filter(line -> line.startsWith("{\"header\":\"010102") && line.contains("\"salt\""))
                        .count());
        assertTrue(unredacted.text(BundleLayout.RECORDS).contains(SECRET));
        fails(
                "a shown value",
                Claim.RECORDS,
                unredacted.put(
                        BundleLayout.RECORDS,
                        unredacted.text(BundleLayout.RECORDS).replace("record.read", "record.rEad")));
    }

    @Test
    void theVaultVerifiesAndProvesSingleRecords() throws Exception {
        VerificationReport report = vault.verified();
        // Nobody has opened the vault since the cases, and so recorded their steps.
        assertEquals(List.of(), report.with(Verdict.FAILED));
        assertTrue(
                report.with(Verdict.PASSED).stream().anyMatch(finding -> finding.claim() == Claim.RECORDS),
                report.toString());
        byte[] proof = vault.proof(1);
        assertEquals(Verdict.PASSED, new RecordProofVerifier(null).verify(proof).verdict());
        String text = new String(proof, StandardCharsets.UTF_8).replace("because of", "in spite of");
        assertEquals(
                Verdict.FAILED,
                new RecordProofVerifier(null)
                        .verify(text.getBytes(StandardCharsets.UTF_8))
                        .verdict());
    }

    private static void fails(String why, Claim claim, ForgedBundle forged) throws Exception {
        Path zip = directory.resolve("forged.zip");
        forged.writeSigned(zip);
        VerificationReport report = verify(zip);
        assertTrue(
                report.with(Verdict.FAILED).stream().anyMatch(finding -> finding.claim() == claim),
                () -> why + ": " + report);
    }

    private static ForgedBundle changed(String file, UnaryOperator<List<String>> change) {
        List<String> before = bundle.lines(file);
        List<String> after = change.apply(new ArrayList<>(before));
        assertFalse(before.equals(after), "something is changed");
        return bundle.copy().putLines(file, after);
    }

    private static UnaryOperator<List<String>> line(int number, UnaryOperator<String> change) {
        return lines -> {
            lines.set(number, change.apply(lines.get(number)));
            return lines;
        };
    }

    /** Returns the hexadecimal digits of each piece of a leaf. */
    private static List<String> fields(int leaf) {
        return LeafLine.parse(bundle.lines(BundleLayout.LEAVES).get(leaf).getBytes(StandardCharsets.UTF_8))
                .fields()
                .spellings();
    }

    private static int withheld(List<String> fields) {
        for (int i = 0; i < fields.size(); i++) {
            if (fields.get(i).length() == 64) {
                return i;
            }
        }
        throw new IllegalStateException("nothing is withheld");
    }

    @Test
    void theLineCannotBeChanged() throws Exception {
        fails(
                "a shown value",
                Claim.RECORDS,
                changed(BundleLayout.RECORDS, line(0, text -> text.replace("record.read", "record.rEad"))));
        fails(
                "the skeleton",
                Claim.RECORDS,
                changed(BundleLayout.RECORDS, line(0, text -> text.replace("\"patient\" :", "\"patient\":"))));
        fails(
                "what is always shown",
                Claim.RECORDS,
                changed(
                        BundleLayout.RECORDS,
                        line(0, text -> text.replace("\"outcome\":\"success\"", "\"outcome\":\"failure\""))));
        fails(
                "something in place of what is withheld",
                Claim.REDACTION,
                changed(BundleLayout.RECORDS, line(0, text -> text.replace("withheld by redaction 1", "nothing"))));
        fails(
                "an object in place of what is withheld",
                Claim.REDACTION,
                changed(BundleLayout.RECORDS, line(0, text -> text.replace("\"withheld by redaction 1\"", "{}"))));
        fails(
                "a number with a zero",
                Claim.REDACTION,
                changed(BundleLayout.RECORDS, line(0, text -> text.replace("redaction 1\"", "redaction 01\""))));
        fails(
                "the placeholder at another value",
                Claim.RECORDS,
                changed(
                        BundleLayout.RECORDS,
                        line(
                                0,
                                text -> text.replace(
                                        "\"withheld by redaction 1\" ,\"ward\":[1, 2]",
                                        "0 ,\"ward\":\"withheld by redaction 1\""))));
    }

    @Test
    void theRulesAreFollowed() throws Exception {
        fails(
                "another rule",
                Claim.REDACTION,
                changed(BundleLayout.RECORDS, line(0, text -> text.replace("redaction 1\"", "redaction 2\""))));
        fails(
                "no rule",
                Claim.REDACTION,
                changed(BundleLayout.RECORDS, line(0, text -> text.replace("redaction 1\"", "redaction 9\""))));
        fails(
                "another rule for the original",
                Claim.REDACTION,
                changed(
                        BundleLayout.RECORDS,
                        line(
                                3,
                                text -> text.replace(
                                        "\"original\":\"withheld by redaction 1\"",
                                        "\"original\":\"withheld by redaction 2\""))));
        fails(
                "the list is shorter",
                Claim.ORDER,
                changed(
                        BundleLayout.REDACTION,
                        line(0, text -> text.replaceFirst(",\\{\"path\":\"/actor/session\"[^}]*\\}", ""))));
        fails(
                "another reason",
                Claim.ORDER,
                changed(BundleLayout.REDACTION, line(0, text -> text.replaceFirst("health", "wealth"))));
        ForgedBundle removed = bundle.copy();
        removed.files().remove(BundleLayout.REDACTION);
        fails("the list is gone", Claim.REDACTION, removed);
        fails("and what it approves", Claim.ORDER, removed);
    }

    /** Who holds the vault's keys can withhold any piece, but not without a rule. */
    @Test
    void nothingElseIsWithheld() throws Exception {
        Redaction more = new Redaction(
                "K. Sato",
                List.of(new Redaction.Rule(FieldPath.parse("/details"), List.of(), "none of theirs", "H. Hayashi")));
        Path out = directory.resolve("more.zip");
        ForgedBundle forged = exported(out, RedactedVault.redact("", "/details"));
        assertEquals(Verdict.PASSED, verify(out).verdict());
        forged.withoutCompanions();
        Redaction less = new Redaction(
                "K. Sato",
                List.of(new Redaction.Rule(
                        FieldPath.parse("/details/patient"), List.of(), "health of a third person", "H. Hayashi")));
        forged.files().put(BundleLayout.REDACTION, less.format());
        fails("withheld without a rule", Claim.REDACTION, forged);
        ForgedBundle uncovered = bundle.copy();
        uncovered.files().put(BundleLayout.REDACTION, more.format());
        fails("shown against a rule", Claim.REDACTION, uncovered);
    }

    @Test
    void saltsAndDigestsAreThoseOfTheirPieces() throws Exception {
        List<String> fields = fields(0);
        int withheld = withheld(fields);
        fails(
                "two salts changed places",
                Claim.RECORDS,
                changed(
                        BundleLayout.LEAVES,
                        line(
                                0,
                                text -> text.replace(fields.get(1), "x")
                                        .replace(fields.get(2), fields.get(1))
                                        .replace("x\"", fields.get(2) + "\""))));
        String other = fields(1).get(withheld(fields(1)));
        fails(
                "another record's digest",
                Claim.RECORDS,
                changed(BundleLayout.LEAVES, line(0, text -> text.replace(fields.get(withheld), other))));
        List<String> two = fields(3);
        fails(
                "a salt where a digest was",
                Claim.RECORDS,
                changed(
                        BundleLayout.LEAVES,
                        line(
                                3,
                                text -> text.replace(
                                        two.get(withheld(two)),
                                        two.get(withheld(two)).substring(32)))));
        fails(
                "a piece is missing",
                Claim.RECORDS,
                changed(BundleLayout.LEAVES, line(0, text -> text.replace("\"" + fields.get(1) + "\",", ""))));
        fails(
                "the skeleton is withheld",
                Claim.SEGMENTS,
                changed(
                        BundleLayout.LEAVES,
                        line(0, text -> text.replace(fields.get(0), fields.get(0) + fields.get(0)))));
        fails(
                "nothing is withheld, and fields are there",
                Claim.SEGMENTS,
                changed(
                        BundleLayout.LEAVES,
                        line(
                                0,
                                text -> text.replace(
                                        fields.get(withheld),
                                        fields.get(withheld).substring(32)))));
        for (int i = 0; i < fields.size(); i++) {
            String field = fields.get(i);
            String flipped = (field.charAt(0) == '0' ? "1" : "0") + field.substring(1);
            fails(
                    "a bit of piece " + i,
                    Claim.RECORDS,
                    changed(BundleLayout.LEAVES, line(0, text -> text.replace(field, flipped))));
        }
    }

    @Test
    void theSchemeStandsInTheHeader() throws Exception {
        fails(
                "by fields, and said to be a line",
                Claim.SEGMENTS,
                changed(BundleLayout.LEAVES, line(0, text -> text.replaceFirst("\"010102", "\"010100"))));
        int shown = 0;
        List<String> leaves = bundle.lines(BundleLayout.LEAVES);
        while (!leaves.get(shown).contains("\"salt\"")) {
            shown++;
        }
        fails(
                "whole, and said to be a line",
                Claim.SEGMENTS,
                changed(BundleLayout.LEAVES, line(shown, text -> text.replaceFirst("\"010102", "\"010100"))));
        fails(
                "an unknown flag",
                Claim.SEGMENTS,
                changed(BundleLayout.LEAVES, line(shown, text -> text.replaceFirst("\"010102", "\"010106"))));
    }

    @Test
    void theListHasOneSpelling() throws Exception {
        String file = bundle.text(BundleLayout.REDACTION);
        assertEquals(
                file,
                new String(
                        Redaction.parse(file.getBytes(StandardCharsets.UTF_8)).format(), StandardCharsets.UTF_8));
        Json.parseObject(file.getBytes(StandardCharsets.UTF_8), "the redaction");
        fails("a line feed", Claim.REDACTION, bundle.copy().put(BundleLayout.REDACTION, file + "\n"));
        fails(
                "what is always shown",
                Claim.REDACTION,
                bundle.copy().put(BundleLayout.REDACTION, file.replace("/reason", "/tenant")));
    }
}
