package dev.evidencevault.cli;

import dev.evidencevault.format.Timestamps;
import dev.evidencevault.index.query.EventQuery;
import dev.evidencevault.index.query.QueryField;
import dev.evidencevault.index.query.QuerySyntaxException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What is searched for: conditions one by one, and the language of docs/search.md. All have to hold. */
final class QueryOption {
    private static final int COLUMNS = 80;

    @Option(
            names = {"-q", "--query"},
            paramLabel = "Q",
            description = "in the query language: 'action:document.* AND NOT source:10.0.0.0/8' (docs/search.md)")
    private @Nullable String query;

    @Option(names = "--actor", paramLabel = "A", description = "who acted, or on whose behalf, whatever the case")
    private @Nullable String actor;

    @Option(names = "--side", paramLabel = "S", description = "the actor's: tenant, provider or supplier")
    private @Nullable String side;

    @Option(names = "--privileged", description = "only acts under a privilege")
    private boolean privileged;

    @Option(names = "--action", paramLabel = "A", description = "what was done")
    private @Nullable String action;

    @Option(names = "--service", paramLabel = "S", description = "in which service")
    private @Nullable String service;

    @Option(names = "--outcome", paramLabel = "O", description = "success, failure or unknown")
    private @Nullable String outcome;

    @Option(names = "--target", paramLabel = "ID", description = "what was acted on")
    private @Nullable String target;

    @Option(names = "--target-type", paramLabel = "T", description = "of which type that is")
    private @Nullable String targetType;

    @Option(
            names = "--source",
            paramLabel = "IP",
            description = "from which address or network (10.0.0.0/8, 2001:db8::/32)")
    private @Nullable String source;

    @Option(names = "--session", paramLabel = "S", description = "in which session of the actor")
    private @Nullable String session;

    @Option(names = "--shared-event-id", paramLabel = "ID", description = "the id that other records of the act have")
    private @Nullable String sharedEventId;

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
            description = "holds all of these words, anywhere (DeleteKey is one word)")
    private @Nullable String text;

    /** Returns what the options ask for; shows where a query cannot be read. */
    EventQuery query(Shell shell) {
        EventQuery asked = query == null ? EventQuery.all() : parsed(query, shell);
        asked = asked.and(field(QueryField.ACTOR, actor)).and(field(QueryField.SIDE, side));
        asked = privileged ? asked.and(EventQuery.privileged()) : asked;
        asked = asked.and(field(QueryField.ACTION, action)).and(field(QueryField.SERVICE, service));
        asked = asked.and(field(QueryField.OUTCOME, outcome)).and(field(QueryField.TARGET, target));
        asked = asked.and(field(QueryField.TARGET_TYPE, targetType)).and(field(QueryField.SOURCE, source));
        asked = asked.and(field(QueryField.SESSION, session)).and(field(QueryField.SHARED_EVENT_ID, sharedEventId));
        asked = from == null ? asked : asked.and(EventQuery.from(Timestamps.parseLoosely(from)));
        asked = to == null ? asked : asked.and(EventQuery.to(Timestamps.parseLoosely(to)));
        return text == null ? asked : asked.and(EventQuery.words(text));
    }

    private static EventQuery field(QueryField field, @Nullable String value) {
        return value == null ? EventQuery.all() : EventQuery.field(field, value);
    }

    private static EventQuery parsed(String query, Shell shell) {
        try {
            return EventQuery.parse(query);
        } catch (QuerySyntaxException e) {
            String shown = Shell.printable(query);
            if (shown.length() == query.length() && Text.columns(query) <= COLUMNS) {
                shell.err().println(query);
                shell.err().println(" ".repeat(Text.columns(query.substring(0, e.position()))) + "^");
            }
            throw e;
        }
    }
}
