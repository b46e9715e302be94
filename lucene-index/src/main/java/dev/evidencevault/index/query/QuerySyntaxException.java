package dev.evidencevault.index.query;

/** A text that is no query. The message says what was expected, what was found, and where, counted from 1. */
public final class QuerySyntaxException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** Where, in UTF-16 code units from 0. */
    private final int position;

    QuerySyntaxException(int position, String message) {
        super("the query cannot be read at character " + (position + 1) + ": " + message);
        this.position = position;
    }

    /** Returns where it went wrong: an index into the text, or its length if something is missing at the end. */
    public int position() {
        return position;
    }
}
