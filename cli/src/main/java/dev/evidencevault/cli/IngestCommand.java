package dev.evidencevault.cli;

import dev.evidencevault.Vault;
import dev.evidencevault.VaultFailedException;
import dev.evidencevault.crypto.keys.VaultSecret;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.format.Json;
import dev.evidencevault.importer.LineMapper;
import dev.evidencevault.importer.LogImport;
import dev.evidencevault.importer.Mapping;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Imports a log. */
@CommandLine.Command(
        name = "ingest",
        description = "Import a log, one record a line. Lines that cannot be imported are reported and counted.")
final class IngestCommand extends Command {
    private static final int MAPPING_BYTES_MAX = 1 << 20;

    @Mixin
    private VaultOption vault = new VaultOption();

    @ArgGroup(exclusive = true, multiplicity = "1")
    private Format format = new Format();

    @Option(names = "--tenant", paramLabel = "T", description = "the tenant of all lines; else the mapping says where")
    private @Nullable String tenant;

    @Option(names = "--rejects", paramLabel = "FILE", description = "write what is rejected, with its reason, to FILE")
    private @Nullable Path rejects;

    @Option(
            names = "--skip",
            paramLabel = "N",
            defaultValue = "0",
            description = "pass over the first N lines, which an interrupted import stored")
    private long skip;

    @Option(names = "--strict", description = "end with exit code 5 if any line was rejected")
    private boolean strict;

    @Parameters(paramLabel = "FILE", description = "the log, or - for standard input")
    private String file = "";

    /** How lines are read. */
    static final class Format {
        @Option(names = "--format", paramLabel = "NAME", description = "a known format; see evault mapping")
        private @Nullable String name;

        @Option(names = "--map", paramLabel = "FILE", description = "a mapping file")
        private @Nullable Path map;
    }

    @Mixin
    private SinkOption sinks = new SinkOption();

    IngestCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() throws IOException, KeyUnavailableException, WrongKeyException {
        LineMapper mapper = new LineMapper(mapping(), tenant, Instant.now());
        if (skip < 0) {
            throw new UsageException("expected --skip from 0, found " + skip);
        }
        Path input = Path.of(file);
        if (!file.equals("-") && !Files.exists(input)) {
            throw new NoSuchFileException(file);
        }
        if (Files.isDirectory(input)) {
            throw new UsageException(file + " is a directory; expected a log file");
        }
        VaultSecret secret = vault.secret.secret(shell(), false);
        shell().stop().willFinish();
        try (IngestReport report = new IngestReport(shell(), rejects);
                Vault open = Vault.open(vault.directory, secret, sinks.in(InitCommand.options(), shell()))) {
            shell().tellRecovery(open);
            LogImport job = new LogImport(open, mapper, report);
            LogImport.Summary summary = run(job);
            report.finish();
            if (shell().stop().requested()) {
                shell().message("stopped. To go on later: --skip " + (skip + summary.read()));
            }
            if (skip > 0 && summary.read() == 0) {
                shell().message("the log has no line after line " + skip);
            }
            int code = conclude(summary);
            return job.unavailable().isEmpty() ? code : ExitCode.KEY_UNAVAILABLE;
        }
    }

    private LogImport.Summary run(LogImport job) throws IOException {
        try (InputStream in =
                file.equals("-") ? shell().in() : new BufferedInputStream(Files.newInputStream(Path.of(file)))) {
            return job.run(in, skip, shell().stop()::requested);
        } catch (VaultFailedException e) {
            LogImport.Summary so = job.summary();
            shell().message("the import ended after line " + (skip + so.read()) + ": " + so.stored()
                    + " events are on disk, later ones may not be");
            throw e;
        }
    }

    private Mapping mapping() throws IOException {
        if (format.name != null) {
            return Mapping.preset(format.name);
        }
        Path map = format.map;
        if (map == null) {
            throw new UsageException("expected --format NAME or --map FILE");
        }
        if (Files.isRegularFile(map) && Files.size(map) > MAPPING_BYTES_MAX) {
            throw new UsageException(map + ": a mapping file has at most 1 MiB");
        }
        try {
            return Mapping.parse(Files.readAllBytes(map));
        } catch (IllegalArgumentException e) {
            throw new UsageException(map + ": " + Json.firstLine(e));
        }
    }

    private int conclude(LogImport.Summary summary) {
        if (json()) {
            print(Json.object()
                    .put("read", summary.read())
                    .put("stored", summary.stored())
                    .put("rejected", summary.rejected())
                    .put("tenants", summary.tenants()));
        } else {
            print("read " + summary.read() + ", stored " + summary.stored() + ", rejected " + summary.rejected()
                    + ", tenants " + summary.tenants());
        }
        boolean nothing = summary.read() > 0 && summary.stored() == 0;
        return nothing || strict && summary.rejected() > 0 ? ExitCode.INCOMPLETE : ExitCode.PASSED;
    }
}
