package dev.evidencevault.cli;

import dev.evidencevault.bundle.BundleContainer;
import dev.evidencevault.cases.Case;
import dev.evidencevault.cases.CaseRefusedException;
import dev.evidencevault.cases.PersonSigner;
import dev.evidencevault.cases.StepBody;
import dev.evidencevault.cases.StepBody.BundleSealed;
import dev.evidencevault.cases.StepKind;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.crypto.merkle.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Seals the bundle to its recipients, or says for whom another program encrypted it. */
@CommandLine.Command(
        name = "seal",
        description =
                "Seal the bundle that was exported, or the container with signatures over it, to its recipients; or"
                        + " record for whom another program encrypted it (--sealed, --recipient).")
final class CaseSealCommand extends CaseStepCommand {
    @Option(
            names = "--bundle",
            required = true,
            paramLabel = "FILE",
            description = "the bundle that was exported, or the container (.asice) into which it was signed")
    private Path bundle = Path.of("");

    @Mixin
    private RecipientOption to = new RecipientOption();

    @Option(names = "--out", paramLabel = "FILE", description = "the sealed file (.p7m or .age), with --to or --to-age")
    private @Nullable Path out;

    @Option(
            names = "--sealed",
            paramLabel = "FILE",
            description = "instead: the file that another program has encrypted")
    private @Nullable Path sealed;

    @Option(
            names = "--recipient",
            paramLabel = "TEXT",
            description = "the fingerprint of the key or certificate that it is encrypted to")
    private @Nullable String recipient;

    CaseSealCommand(Shell shell) {
        super(shell);
    }

    @Override
    StepKind kind() {
        return StepKind.SEAL;
    }

    @Override
    StepBody body(Case before) {
        throw new IllegalStateException("a bundle is sealed before the step says so");
    }

    @Override
    Case make(OpenDesk open, Case before, PersonSigner signer)
            throws IOException, WrongKeyException, CaseRefusedException {
        boolean here = to.isGiven() && out != null && sealed == null && recipient == null;
        boolean elsewhere = sealed != null && recipient != null && out == null && !to.isGiven();
        if (!here && !elsewhere) {
            throw new UsageException(
                    "expected recipients and the file to write (--to or --to-age, and --out), or what another program made"
                            + " (--sealed and --recipient)");
        }
        Digest exported = BundleContainer.bundleDigest(bundle);
        if (out == null) {
            return step(
                    open, before, signer, exported, Objects.requireNonNull(sealed), Objects.requireNonNull(recipient));
        }
        open.desk()
                .require(
                        before.id(),
                        signer,
                        kind(),
                        (now, at) -> new BundleSealed(exported, exported, 0, "nobody yet"));
        List<RecipientOption.Recipient> recipients = to.seal(bundle, out);
        boolean recorded = false;
        try {
            Case after = step(
                    open,
                    before,
                    signer,
                    exported,
                    out,
                    recipients.stream().map(RecipientOption.Recipient::key).collect(Collectors.joining("; ")));
            recorded = true;
            if (!json()) {
                recipients.forEach(one -> print(Text.wrap(Shell.printable("sealed to " + one), "  ", 80)));
            }
            return after;
        } finally {
            if (!recorded) {
                Files.deleteIfExists(out);
            }
        }
    }

    private static Case step(
            OpenDesk open, Case before, PersonSigner signer, Digest exported, Path file, String recipients)
            throws IOException, CaseRefusedException {
        BundleSealed body = new BundleSealed(exported, Digest.sha256(file), Files.size(file), recipients);
        return open.desk().step(before.id(), signer, StepKind.SEAL, (now, at) -> body);
    }
}
