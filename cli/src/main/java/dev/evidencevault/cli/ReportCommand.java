package dev.evidencevault.cli;

import dev.evidencevault.bundle.BundleFiles;
import dev.evidencevault.bundle.BundleLayout;
import dev.evidencevault.bundle.MalformedBundleException;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.Json;
import dev.evidencevault.report.HtmlReport;
import dev.evidencevault.storage.Storage;
import dev.evidencevault.verify.BundleVerifier;
import dev.evidencevault.verify.VerificationReport;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes the report of a bundle, for people. */
@CommandLine.Command(
        name = "report",
        description =
                "Verify a bundle, offline, and write a page about it for people: opens in a browser without a network,"
                        + " in English and Japanese, and checks itself what it shows.")
final class ReportCommand extends Command {
    @Parameters(paramLabel = "BUNDLE", description = "a bundle (a file, or unpacked)")
    private Path bundle = Path.of("");

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "the page (HTML), a new file")
    private Path out = Path.of("");

    @Mixin
    private KeyOption key = new KeyOption();

    @Mixin
    private WitnessOption witnesses = new WitnessOption();

    @Mixin
    private TsaRootOption timeRoots = new TsaRootOption();

    ReportCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() throws IOException {
        if (!Files.exists(bundle)) {
            throw new NoSuchFileException(bundle.toString());
        }
        if (!Files.isRegularFile(bundle)
                && !Files.exists(bundle.resolve(BundleLayout.BAGIT))
                && !Files.exists(bundle.resolve(BundleLayout.BAG).resolve(BundleLayout.BAGIT))) {
            throw new UsageException(bundle + " is no bundle");
        }
        Path parent = out.toAbsolutePath().getParent();
        if (parent == null || !Files.isDirectory(parent)) {
            throw new UsageException(out + ": there is no such directory");
        }
        if (Files.exists(out)) {
            throw alreadyThere();
        }
        VerificationReport report =
                new BundleVerifier(key.pinned(), witnesses.keys(), timeRoots.certificates()).verify(bundle);
        try (BundleFiles files = BundleFiles.open(bundle)) {
            write(files, report);
        } catch (MalformedBundleException e) {
            shell().message("there is nothing of a bundle to show, and no report was written: "
                    + Shell.printable(Json.firstLine(e)));
            return ExitCode.of(report.verdict());
        }
        if (json()) {
            print(Json.object()
                    .put("out", out.toString())
                    .put("verdict", report.verdict().label()));
        } else {
            print("The report is in " + out);
            print(report.verdict().label().toUpperCase(Locale.ROOT));
        }
        return ExitCode.of(report.verdict());
    }

    /** The page appears under its name when it is whole. */
    private void write(BundleFiles files, VerificationReport report) throws IOException {
        Path unfinished = Storage.temporary(out);
        OutputStream page;
        try {
            page = Files.newOutputStream(unfinished, StandardOpenOption.CREATE_NEW);
        } catch (FileAlreadyExistsException e) {
            throw new FileAlreadyExistsException(
                    unfinished.toString(),
                    null,
                    "a report to this file is being written, or was killed: then remove it");
        }
        try {
            try (page) {
                new HtmlReport().write(files, report, digest(), page);
            }
            if (Files.exists(out)) {
                throw alreadyThere();
            }
            Files.move(unfinished, out, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    private FileAlreadyExistsException alreadyThere() {
        return new FileAlreadyExistsException(out.toString(), null, "evidence is never overwritten");
    }

    private @Nullable Digest digest() throws IOException {
        return Files.isRegularFile(bundle) ? Digest.sha256(bundle) : null;
    }
}
