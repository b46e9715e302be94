package dev.evidencevault.cli;

import dev.evidencevault.copy.CopyOptions;
import dev.evidencevault.copy.CopyRun;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.format.Json;
import dev.evidencevault.place.ObjectStore;
import dev.evidencevault.place.ObjectStores;
import dev.evidencevault.place.Place;
import dev.evidencevault.place.PlaceRegister;
import dev.evidencevault.storage.UnlockedVault;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Copies to a place what was anchored since the run before. */
@CommandLine.Command(
        name = "run",
        description = {
            "Copy the tenants' logs to another place: what was anchored since the run before.",
            "Works beside the writer. A run that was interrupted is gone on with by the next."
        })
final class BackupRunCommand extends Command {
    private static final long EVERY_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final int RETAIN_DAYS_MAX = 36_500;

    @Mixin
    private VaultOption vault = new VaultOption();

    @Option(
            names = "--to",
            required = true,
            paramLabel = "PLACE",
            description = "a directory on another volume, s3://bucket/prefix?region=NAME&endpoint=URL, or the name of a"
                    + " registered place")
    private String to = "";

    @Option(names = "--tenant", paramLabel = "T", description = "this tenant only (may be given several times)")
    private List<String> tenants = List.of();

    @Option(
            names = "--configuration",
            description = "copy what is the service's own, its log and the cases, instead of the tenants' logs: to"
                    + " another place than those")
    private boolean configuration;

    @Option(
            names = "--no-index",
            description = "leave out the search indexes: a search in the copy then reads all of it")
    private boolean noIndex;

    @Option(
            names = "--retain-days",
            paramLabel = "N",
            description = "nobody can delete what is written for so many days (a bucket with Object Lock); keys never")
    private @Nullable Integer retainDays;

    @Option(
            names = "--permitted",
            description = "leave out the tenants that must not lie there, instead of copying nothing")
    private boolean permitted;

    private long next = System.nanoTime() + EVERY_NANOS;

    BackupRunCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() throws IOException, KeyUnavailableException, WrongKeyException {
        if (configuration && !tenants.isEmpty()) {
            throw new UsageException("expected --tenant or --configuration, found both");
        }
        UnlockedVault unlocked = UnlockedVault.unlock(vault.directory, vault.secret.secret(shell(), false));
        Place named = PlaceRegister.read(unlocked.layout(), unlocked.settings())
                .places()
                .get(to);
        try (ObjectStore store = ObjectStores.open(named == null ? to : named.location(), shell().environment())) {
            CopyRun.Result result = new CopyRun(unlocked, store, options(), Clock.systemUTC()).run();
            if (json()) {
                print(Json.object()
                        .put("to", store.name())
                        .put("anchor", result.anchor())
                        .put("logs", result.logs())
                        .put("objects", result.objects())
                        .put("bytes", result.bytes())
                        .put("leftOut", result.leftOut()));
            } else {
                print(result.objects() + " objects of " + result.logs() + " logs, " + result.bytes()
                        + " bytes, were added to " + store.name());
                if (result.leftOut() > 0) {
                    print(result.leftOut() + " tenants were left out, which must not lie there.");
                }
                print("It is a copy up to anchor " + result.anchor() + ".");
            }
        }
        return ExitCode.PASSED;
    }

    private CopyOptions options() {
        CopyOptions options =
                configuration ? CopyOptions.configuration() : CopyOptions.logs().withTenants(Set.copyOf(tenants));
        options = options.withIndexes(!noIndex).withPermittedOnly(permitted).withProgress(this::progress);
        if (retainDays == null) {
            return options;
        }
        if (retainDays < 1 || retainDays > RETAIN_DAYS_MAX) {
            throw new UsageException("expected --retain-days from 1 to " + RETAIN_DAYS_MAX + ", found " + retainDays);
        }
        return options.withRetain(Duration.ofDays(retainDays));
    }

    private void progress(long parts, long total, long objects, long bytes) {
        if (System.nanoTime() >= next) {
            next = System.nanoTime() + EVERY_NANOS;
            shell().message("copying: " + parts + " of " + total + " parts, " + objects + " objects, " + bytes
                    + " bytes");
        }
    }
}
