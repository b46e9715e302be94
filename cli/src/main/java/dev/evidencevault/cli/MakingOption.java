package dev.evidencevault.cli;

import dev.evidencevault.evidence.ExportOptions;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** How a bundle is made. */
final class MakingOption {
    @Option(
            names = "--no-views",
            description = "leave out the copies of the records for other tools (data/views): with many records they are"
                    + " the larger part of the bundle")
    private boolean noViews;

    @Option(
            names = "--resume",
            description =
                    "keep what there is when the export is interrupted, beside the bundle, in plain text and readable"
                            + " to its owner alone; the same command goes on from there")
    private boolean resume;

    /** As whom the bundle is signed besides the vault, if at all. */
    @ArgGroup(
            exclusive = false,
            heading = "Sign the bundle as a person or an organisation too, into a container (ASiC-E, CAdES), as evault"
                    + " sign does:%n")
    private @Nullable PersonalKeyOption key;

    /** Returns the signature that was asked for; its key is read now. */
    Optional<BundleSignature> signature(SinkOption sinks, Shell shell) throws IOException, KeyUnavailableException {
        return key == null
                ? Optional.empty()
                : Optional.of(BundleSignature.by(key.read(shell), sinks.firstAuthority()));
    }

    ExportOptions options(Optional<BundleSignature> signature, Shell shell) {
        ExportOptions options =
                ExportOptions.defaults().withViews(!noViews).withResume(resume).withProgress(new ExportReport(shell));
        return signature.map(made -> options.withSigner(made.signer())).orElse(options);
    }
}
