package dev.evidencevault.cli;

import dev.evidencevault.access.AccessReport;
import dev.evidencevault.access.AccessReport.Entry;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.format.Timestamps;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Says who of the provider touched a tenant's records. */
@CommandLine.Command(
        name = "access-report",
        description = "Say who of the provider touched a tenant's records: when, why, and under which case.")
final class AccessReportCommand extends Command {
    @Mixin
    private VaultOption vault = new VaultOption();

    @Option(names = "--tenant", required = true, paramLabel = "T", description = "the tenant")
    private String tenant = "";

    @Option(names = "--from", paramLabel = "T", description = "at or after: 2026-05-01T09:00:00+09:00, or a date (UTC)")
    private @Nullable String from;

    @Option(names = "--to", paramLabel = "T", description = "before")
    private @Nullable String to;

    @Option(names = "--for-tenant", description = "for the tenant to read: without cases of which it must not know now")
    private boolean forTenant;

    AccessReportCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() throws IOException, KeyUnavailableException, WrongKeyException {
        OpenDesk open = OpenDesk.of(vault, shell());
        AccessReport report = AccessReport.of(
                open.unlocked(),
                open.desk(),
                tenant,
                from == null ? Long.MIN_VALUE : Timestamps.parseLoosely(from),
                to == null ? Long.MAX_VALUE : Timestamps.parseLoosely(to),
                forTenant);
        if (json()) {
            print(report.toJson());
            return ExitCode.PASSED;
        }
        print(Shell.printable("tenant " + report.tenant() + ", kept in " + report.location()));
        print("* read or changed records");
        for (Entry entry : report.entries()) {
            print("");
            print(Text.wrap(
                    Shell.printable(CaseText.time(entry.at()) + (entry.touched() ? " * " : "   ") + entry.who()),
                    "",
                    80));
            print(Text.wrap(Shell.printable(entry.what()), "    ", 80));
            if (!entry.why().isEmpty()) {
                print(Text.wrap(Shell.printable("why: " + entry.why()), "    ", 80));
            }
            if (entry.caseId() != null) {
                print("    case " + entry.caseId());
            }
        }
        return ExitCode.PASSED;
    }
}
