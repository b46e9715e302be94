package dev.evidencevault.cli;

import dev.evidencevault.Vault;
import dev.evidencevault.VaultOptions;
import dev.evidencevault.attest.TimeStamping;
import dev.evidencevault.cases.Order;
import dev.evidencevault.cases.OrderRefusedException;
import dev.evidencevault.crypto.keys.VaultSecret;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.evidence.EvidenceExport;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.Json;
import dev.evidencevault.reader.VaultReader;
import dev.evidencevault.sink.DirectorySink;
import dev.evidencevault.verify.BundleVerifier;
import dev.evidencevault.verify.Finding;
import dev.evidencevault.verify.HistoryComparison;
import dev.evidencevault.verify.VaultVerifier;
import dev.evidencevault.verify.Verdict;
import dev.evidencevault.verify.VerificationReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Shows the main job on events that it makes itself. */
@CommandLine.Command(
        name = "demo",
        description =
                "Show the main job in a few seconds: three tenants' events go into a vault, an order comes for one,"
                        + " its evidence goes out, and somebody tampers.")
final class DemoCommand extends Command {
    private static final String PASSPHRASE = "demo";

    @Option(names = "--dir", paramLabel = "DIR", description = "where to, a new or empty directory")
    private @Nullable Path directory;

    DemoCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() throws IOException, WrongKeyException, OrderRefusedException {
        Path base = base();
        Path vault = base.resolve("vault");
        VaultSecret secret = VaultSecret.passphrase(PASSPHRASE);
        say("1. A service with three tenants logs what happens.");
        int events;
        DemoAuthority authority = new DemoAuthority();
        Path root = base.resolve("tsa-root.pem");
        authority.writeRoot(root);
        try (Vault open =
                Vault.create(vault, secret, InitCommand.options().withTimeStamping(TimeStamping.by(authority)))) {
            events = DemoEvents.append(open);
        }
        tell(events + " events of " + DemoEvents.TENANTS.size() + " tenants are on disk: users, administrators, and the"
                + " provider's own operators. Each tenant has a log of its own, under keys of its own.");
        tell("The vault's files hold the name \"" + DemoEvents.ORDERED + "\" " + occurrences(vault) + " times.");

        tell("A time stamp authority stamped the vault's checkpoint; here it is one of the demo's own, which proves"
                + " nothing.");

        say("2. A court orders what operators did in one tenant's data.");
        Path orderFile = base.resolve("order.json");
        Files.write(orderFile, DemoEvents.ORDER.getBytes(StandardCharsets.UTF_8));
        DemoEvents.ORDER.lines().forEach(this::quote);
        Path bundle = base.resolve("evidence.zip");
        EvidenceExport.Result result = new EvidenceExport(VaultReader.open(vault, secret), Clock.systemUTC())
                .export(Order.parse(DemoEvents.ORDER.getBytes(StandardCharsets.UTF_8)), bundle);
        tell(result.records() + " records go into a bundle, with proofs that they are unchanged and that none is"
                + " missing.");

        say("3. An administrator changes one letter of a record in a copy of the bundle.");
        Path changed = base.resolve("evidence-changed.zip");
        Files.write(changed, DemoAttacks.withOneLetterChanged(Files.readAllBytes(bundle)));
        showFailures(new BundleVerifier(null).verify(changed));

        say("4. An administrator removes a record from a copy, and mends the manifests.");
        Path shortened = base.resolve("evidence-shortened");
        DemoAttacks.withoutLastRecord(bundle, shortened);
        showFailures(new BundleVerifier(null).verify(shortened));

        say("5. An administrator removes a segment from a copy of the vault.");
        Path copy = base.resolve("vault-changed");
        DemoAttacks.copy(vault, copy);
        tell("Removed: " + DemoAttacks.removeOneSegment(copy));
        showFailures(new VaultVerifier(null, null).verify(copy));

        say("6. An administrator lets a copy of the vault go on beside it: two histories.");
        Path fork = base.resolve("vault-forked");
        Path old = base.resolve("vault-old");
        Path outside = Files.createDirectory(base.resolve("outside"));
        VaultOptions watched = InitCommand.options().withSinks(List.of(new DirectorySink(outside)));
        DemoAttacks.copy(vault, fork);
        DemoAttacks.copy(vault, old);
        DemoAttacks.goOn(vault, secret, watched, "document.restore");
        DemoAttacks.goOn(fork, secret, InitCommand.options(), "document.delete");
        HistoryComparison.Result comparison = new HistoryComparison(null).compare(vault, fork);
        tell("evault compare says: " + comparison.verdict().label() + ".");
        tell(comparison.reason());

        say("7. An administrator puts an old copy of the vault in its place.");
        tell("Every checkpoint was also delivered to a directory outside the vault.");
        String refusal = refusal(old, secret, watched);
        tell("Opening the old copy is refused: " + refusal);

        say("8. The bundle and the vault that nobody touched:");
        List<X509Certificate> roots = List.of(authority.root());
        VerificationReport vaultReport = new VaultVerifier(null, null, roots).verify(vault);
        VerificationReport report = new BundleVerifier(null, List.of(), roots).verify(bundle);
        for (Finding finding : report.findings()) {
            tell(finding.verdict().label() + ": " + finding.claim().label() + " - " + finding.reason());
        }
        if (json()) {
            print(Json.object()
                    .put("vault", vault.toString())
                    .put("bundle", bundle.toString())
                    .put("tsaRoot", root.toString())
                    .put("verdict", report.verdict().label())
                    .put("vaultVerdict", vaultReport.verdict().label()));
        } else {
            print("");
            print("Vault   " + vault + " (passphrase: " + PASSPHRASE + "): "
                    + vaultReport.verdict().label());
            print("Bundle  " + bundle + ": " + report.verdict().label());
            print("Root    " + root + " (--tsa-root of evault verify)");
        }
        boolean asExpected = vaultReport.verdict() == Verdict.PASSED
                && report.verdict() == Verdict.PASSED
                && comparison.proof().isPresent()
                && !refusal.isEmpty();
        return asExpected ? ExitCode.PASSED : ExitCode.FAILED;
    }

    private Path base() throws IOException {
        if (directory == null) {
            return Files.createTempDirectory("evault-demo-");
        }
        if (Files.exists(directory)) {
            try (Stream<Path> entries = Files.list(directory)) {
                if (entries.findAny().isPresent()) {
                    throw new FileAlreadyExistsException(
                            directory.toString(), null, "the demo needs a new or empty directory");
                }
            }
        }
        return Files.createDirectories(directory);
    }

    /** The story goes to standard error when a program reads standard output. */
    private void say(String heading) {
        (json() ? shell().err() : shell().out()).println("\n" + heading);
    }

    private void tell(String text) {
        (json() ? shell().err() : shell().out()).println(Text.wrap(text, "   ", 80));
    }

    private void quote(String line) {
        (json() ? shell().err() : shell().out()).println("   " + line);
    }

    private void showFailures(VerificationReport report) {
        tell("evault verify says: " + report.verdict().label() + ".");
        for (Finding finding : report.with(Verdict.FAILED)) {
            tell(finding.where() + ": " + finding.reason());
        }
    }

    /** Returns why a vault is not opened; nothing if it is. */
    private static String refusal(Path vault, VaultSecret secret, VaultOptions options)
            throws IOException, WrongKeyException {
        try {
            Vault.open(vault, secret, options).close();
            return "";
        } catch (CorruptFileException e) {
            return e.problem().replaceFirst("^at byte 0: ", "");
        }
    }

    private static long occurrences(Path vault) throws IOException {
        long count = 0;
        try (Stream<Path> files = Files.walk(vault)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
                count += content.split(DemoEvents.ORDERED, -1).length - 1L;
            }
        }
        return count;
    }
}
