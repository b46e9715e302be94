package dev.evidencevault.benchmarks.targets;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/**
 * What was appended to a target, to be searched: the same questions to each. All are about the first tenant. For one thread.
 */
public interface SearchTarget extends Closeable {
    /** Opens what a target has written and closed. */
    static SearchTarget open(AppendTarget.Kind kind, Path directory) throws IOException {
        return switch (kind) {
            case VAULT -> new VaultSearch(directory);
            case LUCENE -> new LuceneSearch(directory);
            case POSTGRESQL -> new PostgresSearch(directory);
            default -> throw new IllegalArgumentException(kind + " is not searched; vault, lucene and postgresql are");
        };
    }

    /** Reads the lines of all events of an actor; returns how many. */
    long ofActor(String actor) throws IOException;

    /** Reads the lines of the first events of an actor; returns how many. */
    long firstOfActor(String actor, int limit) throws IOException;

    /** Reads the lines of all events with a word; returns how many. */
    long withWord(String word) throws IOException;

    /** Reads the lines of all events whose line holds a text anywhere, also within words; returns how many. */
    long holding(String text) throws IOException;

    /** Counts an actor's events by hour; returns their sum. */
    long histogram(String actor) throws IOException;

    /** Counts all events by actor; returns how many actors there are. */
    long actors() throws IOException;

    /** Forgets what is in memory of this process. What the operating system or a server has cached stays. */
    void forget() throws IOException;
}
