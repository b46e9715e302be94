package dev.evidencevault.cli;

import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.index.TenantSearch;
import dev.evidencevault.index.query.EventQuery;
import dev.evidencevault.index.query.QueryField;
import dev.evidencevault.reader.TenantReader;
import dev.evidencevault.reader.TenantReader.RecordConsumer;
import dev.evidencevault.reader.VaultReader;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
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
        })
final class SearchCommand extends Command {
    private static final int TOP = 10;

    @Mixin
    private VaultOption vault = new VaultOption();

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
        if (summary == null) {
            list(asked);
        } else if (summary.count) {
            count(asked);
        } else if (summary.histogram != null) {
            histogram(asked, summary.histogram);
        } else if (summary.top != null) {
            top(asked, summary.top);
        }
        return ExitCode.PASSED;
    }

    private void search(EventQuery asked, RecordConsumer consumer)
            throws IOException, KeyUnavailableException, WrongKeyException {
        VaultReader reader = VaultReader.open(vault.directory, vault.secret.secret(shell(), false));
        TenantReader log = reader.tenant(tenant)
                .orElseThrow(() -> new UsageException(
                        "the vault has no tenant \"" + Shell.printable(tenant) + "\"; see evault tenants"));
        long from = after == null ? 0 : after + 1;
        new TenantSearch(log, shell()::message).search(asked, record -> record.seq() < from || consumer.accept(record));
    }

    private void list(EventQuery asked) throws IOException, KeyUnavailableException, WrongKeyException {
        long most = limit == null ? Long.MAX_VALUE : limit;
        long[] last = new long[1];
        try (EventTable table = new EventTable(shell())) {
            search(asked, record -> {
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

    private void count(EventQuery asked) throws IOException, KeyUnavailableException, WrongKeyException {
        long most = limit == null ? Long.MAX_VALUE : limit;
        search(asked, record -> ++found < most);
        if (json()) {
            print(Json.object().put("count", found));
        } else {
            print(Long.toString(found));
        }
    }

    private void histogram(EventQuery asked, String width)
            throws IOException, KeyUnavailableException, WrongKeyException {
        EventTally tally = EventTally.ofTimes(
                switch (width.toLowerCase(Locale.ROOT)) {
                    case "hour" -> EventTally.HOUR;
                    case "day" -> EventTally.DAY;
                    default -> throw new UsageException("expected hour or day for --histogram, found " + width);
                });
        search(asked, tally::add);
        tally.ascending().forEach(each -> show("from", each));
    }

    private void top(EventQuery asked, String name) throws IOException, KeyUnavailableException, WrongKeyException {
        QueryField field = QueryField.ofLabel(name);
        if (field == null) {
            throw new UsageException("expected one of "
                    + Arrays.stream(QueryField.values()).map(QueryField::label).collect(Collectors.joining(", "))
                    + " for --top, found " + name);
        }
        EventTally tally = EventTally.ofValues(field);
        search(asked, tally::add);
        tally.mostFrequent(limit == null ? TOP : limit).forEach(each -> show("value", each));
    }

    private void show(String name, Map.Entry<String, Long> each) {
        if (json()) {
            print(Json.object().put(name, each.getKey()).put("count", each.getValue()));
        } else {
            print(Shell.printable(String.format(Locale.ROOT, "%12d  %s", each.getValue(), each.getKey())));
        }
    }
}
