package dev.evidencevault.index;

import dev.evidencevault.format.LogRecord;
import java.util.List;
import java.util.function.Function;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

/** What the events of a query can be counted by. */
public enum CountBy {
    /** Who acted, and on whose behalf: an event counts once for each. */
    ACTOR(IndexFields.ACTOR, LogRecord::actorIds),
    /** What was done. */
    ACTION(IndexFields.ACTION, event -> List.of(event.action())),
    /** How it ended. */
    OUTCOME(IndexFields.OUTCOME, event -> List.of(event.outcome()));

    private final String field;
    private final Function<LogRecord, List<String>> values;

    CountBy(String field, Function<LogRecord, List<String>> values) {
        this.field = field;
        this.values = values;
    }

    EventCounter.Grouping<String> grouping() {
        return new EventCounter.Grouping<>() {
            @Override
            public String field() {
                return field;
            }

            @Override
            public String ofTerm(BytesRef term) {
                return term.utf8ToString();
            }

            @Override
            public @Nullable String ofTimes(long first, long last) {
                return null;
            }

            @Override
            public List<String> of(LogRecord event) {
                return values.apply(event);
            }
        };
    }
}
