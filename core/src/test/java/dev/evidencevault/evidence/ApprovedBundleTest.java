package dev.evidencevault.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.bundle.BundleLayout;
import dev.evidencevault.cases.ApprovalFile;
import dev.evidencevault.cases.Case;
import dev.evidencevault.cases.CaseOffice;
import dev.evidencevault.cases.CaseState;
import dev.evidencevault.cases.CaseStep;
import dev.evidencevault.cases.StepKind;
import dev.evidencevault.verify.BundleVerifier;
import dev.evidencevault.verify.Claim;
import dev.evidencevault.verify.Finding;
import dev.evidencevault.verify.Verdict;
import dev.evidencevault.verify.VerificationReport;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The approval in a bundle: what is changed in it, by who holds the vault's key but not those of the persons, is found. */
class ApprovedBundleTest {
    @TempDir
    private Path directory;

    private CaseOffice office;
    private Case approved;
    private ForgedBundle bundle;

    @BeforeEach
    void export() throws Exception {
        office = new CaseOffice(directory.resolve("vault"));
        approved = office.reach(CaseState.APPROVED);
        Path out = directory.resolve("bundle.zip");
        new CaseExport(office.unlocked, office.desk, office.clock)
                .export(approved.id(), office.signer("hayashi"), out, false);
        bundle = ForgedBundle.of(out, office.unlocked.checkpointSigner());
    }

    private VerificationReport verify(ForgedBundle forged) throws Exception {
        Path zip = directory.resolve("forged.zip");
        java.nio.file.Files.deleteIfExists(zip);
        forged.writeSigned(zip);
        VerificationReport report = new BundleVerifier(null).verify(zip);
        SecondVerifier.requireAgreement(zip, report);
        return report;
    }

    private void fails(String reason, ForgedBundle forged) throws Exception {
        List<Finding> failed = verify(forged).with(Verdict.FAILED);
        assertTrue(
                failed.stream()
                        .anyMatch(finding -> finding.claim() == Claim.ORDER
                                && finding.reason().contains(reason)),
                () -> "expected: " + reason + ", found: " + failed);
    }

    private ForgedBundle with(ApprovalFile file) {
        ForgedBundle forged = bundle.copy();
        forged.files().put(BundleLayout.APPROVAL, file.format());
        return forged;
    }

    private ApprovalFile file() {
        return ApprovalFile.parse(Objects.requireNonNull(bundle.files().get(BundleLayout.APPROVAL)));
    }

    @Test
    void itSaysWhoApproved() throws Exception {
        VerificationReport report = verify(bundle.copy());
        assertEquals(Verdict.PASSED, report.verdict());
        assertTrue(report.findings().stream()
                .anyMatch(finding -> finding.reason().contains("approved by K. Sato with a signature")));
        assertEquals(approved.approval().orElseThrow(), file().approval());
    }

    @Test
    void itCannotBeTakenOut() throws Exception {
        ForgedBundle forged = bundle.copy();
        forged.files().remove(BundleLayout.APPROVAL);
        fails("the approval was removed", forged);
        ForgedBundle unnamed = bundle.copy();
        unnamed.put(
                BundleLayout.EXPORT,
                unnamed.text(BundleLayout.EXPORT).replace(",\"case\":\"" + approved.id() + "\"", ""));
        fails("the statement names no case", unnamed);
    }

    @Test
    void itIsOfThisCaseOrderAndTime() throws Exception {
        ForgedBundle other = bundle.copy();
        other.put(
                BundleLayout.EXPORT,
                other.text(BundleLayout.EXPORT).replace(approved.id().text(), "0123456789ab"));
        fails("is not of this case", other);
        ForgedBundle wider = bundle.copy();
        wider.put(BundleLayout.ORDER, wider.text(BundleLayout.ORDER).replace("Art. 99", "Art. 9"));
        fails("the scope is another order", wider);
        ForgedBundle late = bundle.copy();
        String statement = late.text(BundleLayout.EXPORT);
        int year = statement.indexOf("\"exportedAt\":\"") + 14;
        late.put(BundleLayout.EXPORT, statement.substring(0, year) + "2027" + statement.substring(year + 4));
        fails("expired at", late);
        ForgedBundle early = bundle.copy();
        early.put(BundleLayout.EXPORT, statement.substring(0, year) + "2025" + statement.substring(year + 4));
        fails("the bundle was made at", early);
    }

    @Test
    void nobodyElseSigned() throws Exception {
        ApprovalFile file = file();
        fails(
                "not signed by",
                with(new ApprovalFile(
                        List.of(file.persons().get(1), file.persons().get(0)),
                        file.scope(),
                        file.approval(),
                        Optional.empty())));
        fails(
                "expected 2 registered persons",
                with(new ApprovalFile(
                        List.of(file.persons().get(0)), file.scope(), file.approval(), Optional.empty())));
        CaseStep opened = approved.steps().get(0);
        fails(
                "expected a scope and its approval",
                with(new ApprovalFile(
                        List.of(file.persons().get(0), registration(opened)), file.scope(), opened, Optional.empty())));
        for (String member : List.of("persons\":[\"", "scope\":\"", "approval\":\"")) {
            ForgedBundle flipped = bundle.copy();
            String text = flipped.text(BundleLayout.APPROVAL);
            int note = text.indexOf("\"at\\\":\\\"", text.indexOf(member)) + 8;
            flipped.put(BundleLayout.APPROVAL, text.substring(0, note) + flipped(text.charAt(note + 18), text, note));
            assertEquals(Verdict.FAILED, verify(flipped).verdict(), member);
        }
        ForgedBundle spelled = bundle.copy();
        spelled.put(BundleLayout.APPROVAL, spelled.text(BundleLayout.APPROVAL) + "\n");
        assertEquals(Verdict.FAILED, verify(spelled).verdict());
    }

    /** Another second in a time. */
    private static String flipped(char digit, String text, int note) {
        return text.substring(note, note + 18) + (digit == '1' ? '2' : '1') + text.substring(note + 19);
    }

    private CaseStep registration(CaseStep step) throws Exception {
        return office.desk.register().steps().stream()
                .filter(each -> each.kind() == StepKind.PERSON
                        && new String(each.note().format(), StandardCharsets.UTF_8)
                                .contains("\"id\":\"" + step.head().person() + "\""))
                .findFirst()
                .orElseThrow();
    }
}
