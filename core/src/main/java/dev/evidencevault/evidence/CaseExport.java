package dev.evidencevault.evidence;

import dev.evidencevault.bundle.Completeness;
import dev.evidencevault.cases.ApprovalFile;
import dev.evidencevault.cases.Case;
import dev.evidencevault.cases.CaseDesk;
import dev.evidencevault.cases.CaseId;
import dev.evidencevault.cases.CaseRefusedException;
import dev.evidencevault.cases.Order;
import dev.evidencevault.cases.OrderRefusedException;
import dev.evidencevault.cases.PersonSigner;
import dev.evidencevault.cases.StepBody.Exported;
import dev.evidencevault.cases.StepKind;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.LogId;
import dev.evidencevault.reader.VaultReader;
import dev.evidencevault.storage.UnlockedVault;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;

/**
 * Exports what was approved in a case. Changes nothing in the vault but the case: no bundle without a step that says so,
 * since the step is made, and on disk, before the bundle appears under its name. Safe for use by several threads.
 */
public final class CaseExport {
    private final UnlockedVault vault;
    private final CaseDesk desk;
    private final Clock clock;
    private final ExportOptions options;

    /**
     * What came of it.
     *
     * @param done the case with the step
     * @param step what the step says
     * @param result what came of the export
     */
    public record Result(Case done, Exported step, EvidenceExport.Result result) {}

    /** Creates the export from a vault. */
    public CaseExport(UnlockedVault vault, CaseDesk desk, Clock clock) {
        this(vault, desk, clock, ExportOptions.defaults());
    }

    /** Creates the export from a vault with options. */
    public CaseExport(UnlockedVault vault, CaseDesk desk, Clock clock, ExportOptions options) {
        this.vault = vault;
        this.desk = desk;
        this.clock = clock;
        this.options = options;
    }

    /**
     * Writes the bundle.
     *
     * @param strong whether all leaf headers are shown
     * @throws CaseRefusedException if that was not approved, the approval has expired, or this person approved it; that is
     *     recorded
     * @throws FileAlreadyExistsException if there is a file of that name
     */
    public Result export(CaseId id, PersonSigner signer, Path out, boolean strong)
            throws IOException, WrongKeyException, CaseRefusedException {
        Case before = desk.require(id, signer, StepKind.EXPORT, (now, at) -> nothingYet(now));
        UnlockedVault opened = vault.anew();
        try {
            Order order = before.scope().orElseThrow().order();
            Completeness completeness = strong ? Completeness.strong(order) : Completeness.least(order);
            EvidenceExport export = new EvidenceExport(VaultReader.of(opened), clock, options);
            try (EvidenceExport.Unreleased bundle = export.prepare(
                    order, out, completeness, ApprovalFile.of(before, desk.register()), before.redaction())) {
                Exported nothing = nothingYet(before);
                Exported step = new Exported(
                        nothing.scope(),
                        nothing.approval(),
                        Digest.sha256(bundle.bundle()),
                        Files.size(bundle.bundle()),
                        bundle.result().records(),
                        bundle.result().notYetAnchored(),
                        bundle.result().report().verdict().label(),
                        completeness.label(),
                        opened.keysOpened().stream()
                                .sorted(Comparator.comparing(LogId::toString))
                                .toList());
                // The commit point: there is no bundle without this step, though there may be the step without the
                // bundle.
                Case done = desk.step(id, signer, StepKind.EXPORT, (now, at) -> step);
                bundle.release();
                return new Result(done, step, bundle.result());
            }
        } catch (OrderRefusedException e) {
            throw desk.refuse(id, signer, StepKind.EXPORT, String.valueOf(e.getMessage()));
        }
    }

    /** The export that is approved, without a result. Where an export is permitted there is a scope, and an approval of it. */
    private static Exported nothingYet(Case before) {
        Digest scope = before.scope().orElseThrow().digest();
        Digest approval = before.approval().orElseThrow().digest();
        return new Exported(scope, approval, scope, 0, 0, 0, "indeterminate", "index", List.of());
    }
}
