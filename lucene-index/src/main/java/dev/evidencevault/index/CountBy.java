package dev.evidencevault.index;

import dev.evidencevault.format.LogRecord;
import java.util.List;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

/** What the events of a query can be counted by. */
public enum CountBy {
    /** Who acted, and on whose behalf: an event counts once for each. */
    ACTOR(IndexFields.ACTOR),
    /** What was done. */
    ACTION(IndexFields.ACTION),
    /** How it ended. */
    OUTCOME(IndexFields.OUTCOME);

    private final String field;

    CountBy(String field) {
        this.field = field;
    }

    private List<String> values(LogRecord event) {
        return switch (this) {
            case ACTOR -> event.actorIds();
            case ACTION -> List.of(event.action());
            case OUTCOME -> List.of(event.outcome());
        };
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
                return values(event);
            }
        };
    }
}
