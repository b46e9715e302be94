package dev.evidencevault.cli;

import dev.evidencevault.bundle.BundleContainer;
import dev.evidencevault.crypto.cms.CadesSigner;
import dev.evidencevault.crypto.cms.CertifiedKey;
import dev.evidencevault.crypto.cms.Fingerprint;
import dev.evidencevault.crypto.timestamp.TimeStampAuthority;
import dev.evidencevault.crypto.timestamp.TimeStampClient;
import dev.evidencevault.format.Json;
import dev.evidencevault.verify.BundleVerifier;
import dev.evidencevault.verify.Finding;
import dev.evidencevault.verify.Verdict;
import dev.evidencevault.verify.VerificationReport;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
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
    private static final Duration TIMEOUT = Duration.ofSeconds(15);

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
        CertifiedKey person = key.read(shell());
        try (TimeStampClient client = new TimeStampClient(new SecureRandom(), TIMEOUT, TIMEOUT)) {
            CadesSigner signer = CadesSigner.of(person, Clock.systemUTC());
            if (authority != null) {
                URI uri = URI.create(authority);
                TimeStampAuthority stamps =
                        new TimeStampAuthority(String.valueOf(uri.getHost()), uri, roots.certificates());
                signer = signer.withTimeStamps(digest -> client.stamp(stamps, digest));
            }
            BundleContainer.sign(bundle, out, signer);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while a time stamp was asked for");
        }
        Fingerprint fingerprint = Fingerprint.of(person.certificate());
        String subject = person.certificate().getSubjectX500Principal().getName();
        if (json()) {
            print(Json.object()
                    .put("container", out.toString())
                    .put("signer", subject)
                    .put("certificate", fingerprint.toString()));
        } else {
            print(Text.wrap(Shell.printable("signed by " + subject), "", 80));
            print(Text.wrap("certificate " + fingerprint, "", 80));
        }
        return ExitCode.PASSED;
    }
}
