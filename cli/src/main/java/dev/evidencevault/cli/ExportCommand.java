package dev.evidencevault.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.Vault;
import dev.evidencevault.bundle.Completeness;
import dev.evidencevault.cases.Order;
import dev.evidencevault.cases.OrderRefusedException;
import dev.evidencevault.crypto.keys.VaultSecret;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.evidence.EvidenceExport;
import dev.evidencevault.format.Json;
import dev.evidencevault.reader.VaultReader;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.VaultLock;
import dev.evidencevault.verify.Finding;
import dev.evidencevault.verify.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Answers a production order. */
@CommandLine.Command(
        name = "export",
        description = "Answer a production order: write what it asks for, with proofs, into a bundle.")
final class ExportCommand extends Command {
    @Mixin
    private SourceOption source = new SourceOption();

    @Option(names = "--order", required = true, paramLabel = "ORDER.json", description = "the order")
    private Path order = Path.of("");

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FILE",
            description = "the bundle, or the container with it, a new file")
    private Path out = Path.of("");

    @Option(
            names = "--strong",
            description = "show all leaf headers of the order's time, for whom does not take the sealed indexes' word")
    private boolean strong;

    @Mixin
    private MakingOption making = new MakingOption();

    @Mixin
    private SinkOption sinks = new SinkOption();

    ExportCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() throws IOException, KeyUnavailableException, WrongKeyException, OrderRefusedException {
        Path parent = out.toAbsolutePath().getParent();
        if (parent == null || !Files.isDirectory(parent)) {
            throw new UsageException(out + ": there is no such directory");
        }
        Order parsed;
        try (InputStream in = Files.newInputStream(order)) {
            parsed = Order.parse(in.readNBytes(Order.BYTES_MAX + 1));
        }
        Optional<BundleSignature> signature = making.signature(sinks, shell());
        try (SourceOption.Source opened = source.open(parsed.tenant(), shell())) {
            return export(parsed, signature, opened.directory(), opened.secret());
        }
    }

    private int export(Order parsed, Optional<BundleSignature> signature, Path directory, VaultSecret secret)
            throws IOException, WrongKeyException, OrderRefusedException {
        VaultReader reader = VaultReader.open(directory, secret);
        recoverIfKilled(directory, secret);
        EvidenceExport export = new EvidenceExport(reader, Clock.systemUTC(), making.options(signature, shell()));
        EvidenceExport.Result result =
                strong ? export.export(parsed, out, Completeness.strong(parsed)) : export.export(parsed, out);
        if (json()) {
            ObjectNode said = Json.object()
                    .put("out", out.toString())
                    .put("records", result.records())
                    .put("notYetAnchored", result.notYetAnchored())
                    .put("verdict", result.report().verdict().label());
            signature.ifPresent(made -> made.put(said));
            print(said);
        } else {
            print(result.records() + " records of " + Shell.printable(parsed.tenant()) + " are in " + out);
            signature.ifPresent(made -> made.print(this));
        }
        for (Finding finding : result.report().with(Verdict.INDETERMINATE)) {
            shell().message(Shell.printable(finding.reason()));
        }
        if (result.notYetAnchored() > 0) {
            shell().message(
                            result.notYetAnchored()
                                    + " records that the order asks for are acknowledged and not anchored"
                                    + " yet; they are not in the bundle. Export again, to another file, when the writer has sealed them.");
            return ExitCode.INCOMPLETE;
        }
        return ExitCode.PASSED;
    }

    /** Seals what a writer that was killed had acknowledged, so that the bundle can prove it. */
    private void recoverIfKilled(Path directory, VaultSecret secret) throws IOException, WrongKeyException {
        Layout layout = new Layout(directory);
        boolean killed =
                !Layout.numbers(layout.journals(), Layout.JOURNAL_SUFFIX).isEmpty() && !VaultLock.isHeld(layout.lock());
        if (killed && Files.isWritable(layout.journals())) {
            try (Vault recovered = Vault.open(directory, secret, sinks.in(InitCommand.options(), shell()))) {
                shell().tellRecovery(recovered);
            }
        }
    }
}
