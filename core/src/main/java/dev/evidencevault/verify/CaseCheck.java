package dev.evidencevault.verify;

import dev.evidencevault.cases.BrokenCaseException;
import dev.evidencevault.cases.Case;
import dev.evidencevault.cases.CaseFiles;
import dev.evidencevault.cases.CaseId;
import dev.evidencevault.cases.CaseStep;
import dev.evidencevault.cases.PersonRegister;
import dev.evidencevault.cases.RecordedSteps;
import dev.evidencevault.cases.RecordedSteps.Recorded;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.Timestamps;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Layout.LogDirectory;
import dev.evidencevault.storage.UnlockedVault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Checks the cases of a vault: that nothing else lies there and, with the vault's keys, that every step is signed, in its
 * place and permitted, and that the vault's own log knows each, and none that is not there any more.
 */
final class CaseCheck {
    /** A step is recorded at once, or at the next anchor; later than this it may be back-dated. */
    private static final Duration RECORDED_WITHIN = Duration.ofDays(1);

    private final Layout layout;
    private final @Nullable UnlockedVault vault;
    private final Findings findings;
    private final Map<Digest, CaseStep> found = new HashMap<>();

    CaseCheck(Layout layout, @Nullable UnlockedVault vault, Findings findings) {
        this.layout = layout;
        this.vault = vault;
        this.findings = findings;
    }

    void run(WriterState writer) throws IOException {
        VaultVerifier.checkNames(layout.cases(), CaseFiles::isName, writer, layout, findings);
        for (Path entry : Layout.list(layout.cases())) {
            if (Files.isDirectory(entry)) {
                VaultVerifier.checkNames(entry, CaseFiles::isStepName, writer, layout, findings);
            } else if (CaseId.isId(String.valueOf(entry.getFileName()))) {
                findings.failed(
                        Claim.CASES, Findings.relative(layout.root(), entry), "expected a directory, found a file");
            }
        }
        if (vault == null || !findings.clean(Claim.CASES)) {
            return;
        }
        // The log first: a step is there before its record is.
        List<Recorded> recorded = recorded(vault);
        CaseFiles files = new CaseFiles(vault);
        PersonRegister register = register(vault, files);
        if (register != null) {
            for (CaseId id : files.ids()) {
                read(vault, files, register, id);
            }
        }
        int steps = found.size();
        if (findings.clean(Claim.CASES)) {
            compare(recorded, writer);
        }
        if (steps > 0) {
            findings.passedIfClean(
                    Claim.CASES,
                    "cases",
                    "all " + steps
                            + " steps of cases are signed, in their places and permitted, and are in the vault's own log");
        }
    }

    private List<Recorded> recorded(UnlockedVault unlocked) throws IOException {
        LogDirectory service = layout.service();
        try {
            return RecordedSteps.read(service, unlocked.keys(service), Long.MIN_VALUE);
        } catch (CorruptFileException e) {
            // What is wrong with the log itself is found where logs are verified.
            if (Files.isDirectory(layout.cases())) {
                findings.indeterminate(Claim.CASES, "service", e.problem());
            }
        } catch (WrongKeyException e) {
            findings.indeterminate(Claim.CASES, "service", String.valueOf(e.getMessage()));
        }
        return List.of();
    }

    private @Nullable PersonRegister register(UnlockedVault unlocked, CaseFiles files) throws IOException {
        try {
            List<CaseStep> read = files.read(CaseId.REGISTER);
            PersonRegister register = PersonRegister.verify(
                    unlocked.settings().vaultId(), unlocked.settings().keys(), read);
            read.forEach(step -> found.put(step.digest(), step));
            return register;
        } catch (BrokenCaseException e) {
            failed(files, CaseId.REGISTER, e);
        } catch (CorruptFileException e) {
            findings.failed(Claim.CASES, layout.root(), e);
        }
        return null;
    }

    private void read(UnlockedVault unlocked, CaseFiles files, PersonRegister register, CaseId id) throws IOException {
        try {
            List<CaseStep> read = files.read(id);
            Case.verify(unlocked.settings().vaultId(), unlocked.settings().keys(), register, id, read);
            read.forEach(step -> found.put(step.digest(), step));
        } catch (BrokenCaseException e) {
            failed(files, id, e);
        } catch (CorruptFileException e) {
            findings.failed(Claim.CASES, layout.root(), e);
        }
    }

    private void failed(CaseFiles files, CaseId id, BrokenCaseException e) {
        findings.failed(
                Claim.CASES,
                Findings.relative(layout.root(), files.file(id, e.number())),
                String.valueOf(e.getMessage()));
    }

    /** Compares with what the vault's own log says. */
    private void compare(List<Recorded> recorded, WriterState writer) {
        for (Recorded each : recorded) {
            CaseStep step = found.remove(each.record().step());
            if (step == null) {
                findings.failed(
                        Claim.CASES,
                        where(each.record().id(), each.record().number()),
                        "record " + each.seq() + " of the vault's own log has this step ("
                                + each.record().kind().label() + ", SHA-256 "
                                + each.record().step() + "); it is not there any more");
            } else if (each.recordedAt() - step.at() > RECORDED_WITHIN.toNanos()) {
                findings.indeterminate(
                        Claim.CASES,
                        where(step.head().id(), step.number()),
                        "it says that it was made at " + Timestamps.format(step.at()) + ", and was recorded at "
                                + Timestamps.format(each.recordedAt()) + ": it may be back-dated");
            }
        }
        if (writer == WriterState.CLOSED) {
            found.values()
                    .forEach(
                            step -> findings.indeterminate(
                                    Claim.CASES,
                                    where(step.head().id(), step.number()),
                                    "the vault's own log does not have it yet; whoever opens the vault for writing records it"));
        }
    }

    private static String where(CaseId id, long number) {
        return "cases/" + id + ", step " + number;
    }
}
