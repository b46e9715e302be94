package dev.evidencevault.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.attest.TimeStamper;
import dev.evidencevault.bundle.BundleContainer;
import dev.evidencevault.format.Json;
import dev.evidencevault.verify.BundleVerifier;
import dev.evidencevault.verify.Finding;
import dev.evidencevault.verify.Verdict;
import dev.evidencevault.verify.VerificationReport;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Signs a bundle as a person or an organisation. */
@CommandLine.Command(
        name = "sign",
        description =
                "Sign a bundle with a certificate (CAdES). The first signature puts it into an ASiC-E container, each further"
                        + " one is added there; the bundle itself stays as it is. What does not verify is not signed.")
final class SignCommand extends Command {
    @Parameters(paramLabel = "BUNDLE", description = "the bundle, or the container that others signed")
    private Path bundle = Path.of("");

    @Option(names = "--out", paramLabel = "FILE", required = true, description = "the signed container (.asice)")
    private Path out = Path.of("");

    @Mixin
    private PersonalKeyOption key = new PersonalKeyOption();

    @Option(
            names = "--tsa",
            paramLabel = "URL",
            description = "a time stamp authority (RFC 3161) that stamps the signature (CAdES-B-T)")
    private @Nullable String authority;

    @Mixin
    private TsaRootOption roots = new TsaRootOption();

    SignCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() throws IOException, KeyUnavailableException {
        VerificationReport report = new BundleVerifier(null).verify(bundle);
        if (report.verdict() == Verdict.FAILED) {
            Finding first = report.with(Verdict.FAILED).get(0);
            shell().message("the bundle does not verify and was not signed: " + Shell.printable(first.where()) + ": "
                    + Shell.printable(first.reason()));
            return ExitCode.FAILED;
        }
        Optional<TimeStamper> stamper = authority == null
                ? Optional.empty()
                : Optional.of(TimeStampOption.authority(authority, roots.certificates()));
        BundleSignature signature = BundleSignature.by(key.read(shell()), stamper);
        try {
            BundleContainer.sign(bundle, out, signature.signer());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while a time stamp was asked for");
        }
        if (json()) {
            ObjectNode said = Json.object().put("container", out.toString());
            signature.put(said);
            print(said);
        } else {
            signature.print(this);
        }
        return ExitCode.PASSED;
    }
}
