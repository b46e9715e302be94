package dev.evidencevault.cli;

import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.format.Timestamps;
import dev.evidencevault.index.FragmentCache;
import dev.evidencevault.index.Interval;
import dev.evidencevault.index.TenantIndex;
import dev.evidencevault.index.query.EventQuery;
import dev.evidencevault.index.query.QueryField;
import dev.evidencevault.reader.TenantReader;
import dev.evidencevault.reader.VaultReader;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Searches the log of one tenant. */
@CommandLine.Command(
        name = "search",
        description = {
            "Search the log of one tenant, in the order of the log.",
            "Conditions hold together; --query takes them with and, or and not."
        },
        footer = {
            "",
            "Queries:",
            "  actor:alice AND action:document.* AND NOT outcome:success",
            "  privileged:true AND (side:provider OR side:supplier)",
            "  time:2026-05-01..2026-06-01 AND source:10.0.0.0/8 AND text~\"cess-den\""
        })
final class SearchCommand extends Command {
    private static final int TOP = 10;

    @Mixin
    private SourceOption source = new SourceOption();

    @Option(names = "--tenant", required = true, paramLabel = "T", description = "the tenant")
    private String tenant = "";

    @Mixin
    private QueryOption query = new QueryOption();

    @Option(names = "--limit", paramLabel = "N", description = "the first N only; of --top, the N most frequent (10)")
    private @Nullable Long limit;

    @Option(
            names = "--after",
            paramLabel = "SEQ",
            description = "only what is behind the record of this seq in the log")
    private @Nullable Long after;

    @ArgGroup
    private @Nullable Summary summary;

    private long found;

    /** What is shown instead of the events. */
    private static final class Summary {
        @Option(names = "--count", description = "only how many")
        private boolean count;

        @Option(names = "--histogram", paramLabel = "hour|day", description = "how many in each hour or day (UTC)")
        private @Nullable String histogram;

        @Option(
                names = "--top",
                paramLabel = "FIELD",
                description = "the most frequent values of a field: actor, action, …")
        private @Nullable String top;
    }

    SearchCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() throws IOException, KeyUnavailableException, WrongKeyException {
        EventQuery asked = query.query(shell());
        if (limit != null && limit < 1) {
            throw new UsageException("expected --limit from 1, found " + limit);
        }
        if (after != null && after < 0) {
            throw new UsageException("expected --after from 0, found " + after);
        }
        if (limit != null && summary != null && summary.histogram != null) {
            throw new UsageException(
                    "--histogram counts all events and takes no --limit; narrow it with --from and --to");
        }
        try (SourceOption.Source opened = source.open(tenant, shell())) {
            TenantIndex index = index(opened);
            if (summary == null) {
                list(asked, index);
            } else if (summary.count) {
                count(asked, index);
            } else if (summary.histogram != null) {
                histogram(asked, summary.histogram, index);
            } else if (summary.top != null) {
                top(asked, summary.top, index);
            }
        }
        return ExitCode.PASSED;
    }

    private TenantIndex index(SourceOption.Source opened) throws IOException, WrongKeyException {
        VaultReader reader = VaultReader.open(opened.directory(), opened.secret());
        TenantReader log = reader.tenant(tenant)
                .orElseThrow(() -> new UsageException(
                        "the vault has no tenant \"" + Shell.printable(tenant) + "\"; see evault tenants"));
        return TenantIndex.of(log, FragmentCache.ofQuarterOfHeap(), shell()::message);
    }

    private long first() {
        return after == null ? 0 : after + 1;
    }

    private void list(EventQuery asked, TenantIndex index) throws IOException {
        long most = limit == null ? Long.MAX_VALUE : limit;
        long[] last = new long[1];
        try (EventTable table = new EventTable(shell())) {
            index.search(asked, first(), record -> {
                found++;
                last[0] = record.seq();
                show(record, table);
                return found < most && !shell().out().checkError();
            });
        }
        if (found == most) {
            shell().message("the first " + found + "; --after " + last[0] + " goes on behind them");
        }
    }

    private void show(LogRecord record, EventTable table) {
        if (json()) {
            shell().out().write(record.line(), 0, record.line().length);
            shell().out().write('\n');
        } else {
            table.add(record);
        }
    }

    private void count(EventQuery asked, TenantIndex index) throws IOException {
        Long most = limit;
        if (most == null) {
            found = index.count(asked, first());
        } else {
            index.search(asked, first(), record -> ++found < most);
        }
        if (json()) {
            print(Json.object().put("count", found));
        } else {
            print(Long.toString(found));
        }
    }

    private void histogram(EventQuery asked, String width, TenantIndex index) throws IOException {
        Interval interval = switch (width.toLowerCase(Locale.ROOT)) {
            case "hour" -> Interval.HOUR;
            case "day" -> Interval.DAY;
            default -> throw new UsageException("expected hour or day for --histogram, found " + width);
        };
        index.histogram(asked, first(), interval)
                .forEach((begin, count) -> show("from", spelled(begin, interval), count));
    }

    private static String spelled(long begin, Interval interval) {
        String time = Timestamps.format(begin);
        return interval == Interval.DAY
                ? time.substring(0, "2026-05-01".length())
                : time.substring(0, "2026-05-01T09".length()) + ":00Z";
    }

    private void top(EventQuery asked, String name, TenantIndex index) throws IOException {
        QueryField field = QueryField.ofLabel(name);
        if (field == null) {
            throw new UsageException("expected one of "
                    + Arrays.stream(QueryField.values()).map(QueryField::label).collect(Collectors.joining(", "))
                    + " for --top, found " + name);
        }
        int most = limit == null ? TOP : (int) Math.min(limit, Integer.MAX_VALUE);
        index.top(asked, first(), field, most).forEach(each -> show("value", each.value(), each.count()));
    }

    private void show(String name, String value, long count) {
        if (json()) {
            print(Json.object().put(name, value).put("count", count));
        } else {
            print(Shell.printable(String.format(Locale.ROOT, "%12d  %s", count, value)));
        }
    }
}
