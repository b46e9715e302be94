package dev.evidencevault.papers;

import java.io.Closeable;
import java.io.IOException;

/** A paper that says something of each record or of each segment. It takes them in the order of the log. */
interface StreamedPaper extends Closeable {
    /** Takes a record. */
    default void record(ShownRecord record) throws IOException {}

    /** Takes a segment, after its records. */
    default void location(Location location) throws IOException {}

    @Override
    default void close() throws IOException {}
}
