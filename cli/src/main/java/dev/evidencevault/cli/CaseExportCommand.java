package dev.evidencevault.cli;

import dev.evidencevault.cases.Case;
import dev.evidencevault.cases.CaseRefusedException;
import dev.evidencevault.cases.PersonSigner;
import dev.evidencevault.cases.StepBody;
import dev.evidencevault.cases.StepBody.Exported;
import dev.evidencevault.cases.StepKind;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.evidence.CaseExport;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.verify.Finding;
import dev.evidencevault.verify.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Exports what was approved. */
@CommandLine.Command(name = "export", description = "Export what was approved, into a bundle: nobody who approved.")
final class CaseExportCommand extends CaseStepCommand {
    @Option(
            names = "--out",
            required = true,
            paramLabel = "FILE",
            description = "the bundle, or the container with it, a new file")
    private Path out = Path.of("");

    @Option(
            names = "--strong",
            description = "show all leaf headers of the scope's time, for whom does not take the sealed indexes' word")
    private boolean strong;

    @Mixin
    private MakingOption making = new MakingOption();

    CaseExportCommand(Shell shell) {
        super(shell);
    }

    @Override
    StepKind kind() {
        return StepKind.EXPORT;
    }

    @Override
    StepBody body(Case before) {
        throw new IllegalStateException("an export is a step with a result");
    }

    @Override
    Case make(OpenDesk open, Case before, PersonSigner signer)
            throws IOException, KeyUnavailableException, WrongKeyException, CaseRefusedException {
        Path parent = out.toAbsolutePath().getParent();
        if (parent == null || !Files.isDirectory(parent)) {
            throw new UsageException(out + ": there is no such directory");
        }
        Optional<BundleSignature> signature = making.signature(sinks, shell());
        Layout layout = open.unlocked().layout();
        boolean killed =
                !Layout.numbers(layout.journals(), Layout.JOURNAL_SUFFIX).isEmpty() && !open.isWritten();
        if (killed && Files.isWritable(layout.journals())) {
            // What a writer that was killed had acknowledged is sealed first, so that the bundle can prove it.
            open.record(sinks, shell());
        }
        CaseExport export =
                new CaseExport(open.unlocked(), open.desk(), Clock.systemUTC(), making.options(signature, shell()));
        CaseExport.Result result = export.export(before.id(), signer, out, strong);
        if (!json()) {
            print(result.step().records() + " records of "
                    + Shell.printable(before.opened().tenant()) + " are in " + out);
            signature.ifPresent(made -> made.print(this));
        }
        for (Finding finding : result.result().report().with(Verdict.INDETERMINATE)) {
            shell().message(Shell.printable(finding.reason()));
        }
        return result.done();
    }

    @Override
    int exitCode(Case after) {
        long missing = after.export().map(Exported::notYetAnchored).orElse(0L);
        if (missing == 0) {
            return ExitCode.PASSED;
        }
        shell().message(missing
                + " records that the scope asks for are acknowledged and not anchored yet; they are not in the bundle."
                + " Export again, to another file, when the writer has sealed them.");
        return ExitCode.INCOMPLETE;
    }
}
