package dev.evidencevault.cli;

import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.format.Timestamps;
import dev.evidencevault.index.EventQuery;
import dev.evidencevault.index.FragmentCache;
import dev.evidencevault.index.TenantIndex;
import dev.evidencevault.reader.TenantReader;
import dev.evidencevault.reader.VaultReader;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Searches the log of one tenant. */
@CommandLine.Command(name = "search", description = "Search the log of one tenant, in the order of the log.")
final class SearchCommand extends Command {
    private static final List<String> OUTCOMES = List.of("success", "failure", "unknown");

    @Mixin
    private VaultOption vault = new VaultOption();

    @Option(names = "--tenant", required = true, paramLabel = "T", description = "the tenant")
    private String tenant = "";

    @Option(names = "--actor", paramLabel = "A", description = "who acted, or on whose behalf; exact")
    private @Nullable String actor;

    @Option(names = "--privileged", description = "only acts under a privilege")
    private boolean privileged;

    @Option(names = "--action", paramLabel = "A", description = "exact")
    private @Nullable String action;

    @Option(names = "--service", paramLabel = "S", description = "exact")
    private @Nullable String service;

    @Option(names = "--outcome", paramLabel = "O", description = "success, failure or unknown")
    private @Nullable String outcome;

    @Option(
            names = "--from",
            paramLabel = "T",
            description = "happened at or after: 2026-05-01T09:00:00+09:00, or a date (UTC)")
    private @Nullable String from;

    @Option(names = "--to", paramLabel = "T", description = "happened before")
    private @Nullable String to;

    @Option(
            names = "--text",
            paramLabel = "Q",
            description = "holds all of these whole words, anywhere (DeleteKey is one word)")
    private @Nullable String text;

    @Option(names = "--limit", paramLabel = "N", description = "the first N only")
    private @Nullable Long limit;

    @Option(names = "--count", description = "only how many")
    private boolean count;

    private long found;

    SearchCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() throws IOException, KeyUnavailableException, WrongKeyException {
        EventQuery query = query();
        if (limit != null && limit < 1) {
            throw new UsageException("expected --limit from 1, found " + limit);
        }
        long most = limit == null ? Long.MAX_VALUE : limit;
        VaultReader reader = VaultReader.open(vault.directory, vault.secret.secret(shell(), false));
        TenantReader log = reader.tenant(tenant)
                .orElseThrow(() -> new UsageException(
                        "the vault has no tenant \"" + Shell.printable(tenant) + "\"; see evault tenants"));
        TenantIndex.of(log, FragmentCache.ofQuarterOfHeap(), shell()::message).search(query, record -> {
            found++;
            if (!count) {
                show(record);
            }
            return found < most && !shell().out().checkError();
        });
        if (count) {
            if (json()) {
                print(Json.object().put("count", found));
            } else {
                print(Long.toString(found));
            }
        }
        return ExitCode.PASSED;
    }

    private EventQuery query() {
        EventQuery query = EventQuery.all();
        query = actor == null ? query : query.withActor(actor);
        query = privileged ? query.withPrivileged() : query;
        query = action == null ? query : query.withAction(action);
        query = service == null ? query : query.withService(service);
        if (outcome != null && !OUTCOMES.contains(outcome)) {
            throw new UsageException("expected one of " + OUTCOMES + " for --outcome, found " + outcome);
        }
        query = outcome == null ? query : query.withOutcome(outcome);
        query = from == null ? query : query.withFrom(Timestamps.parseLoosely(from));
        query = to == null ? query : query.withTo(Timestamps.parseLoosely(to));
        return text == null ? query : query.withText(text);
    }

    private void show(LogRecord record) {
        if (json()) {
            shell().out().write(record.line(), 0, record.line().length);
            shell().out().write('\n');
            return;
        }
        List<String> actors = record.actorIds();
        String who = actors.isEmpty() ? "-" : String.join(" for ", actors);
        String target = record.json().path("targets").path(0).path("id").asText();
        print(Shell.printable(Timestamps.format(record.occurredAt()).substring(0, 19) + "Z  "
                + (record.privileged() ? "* " : "  ") + who + "  " + record.action() + "  " + record.outcome()
                + (target.isEmpty() ? "" : "  " + target)));
    }
}
