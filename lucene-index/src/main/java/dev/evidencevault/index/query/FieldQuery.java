package dev.evidencevault.index.query;

import dev.evidencevault.format.LogRecord;
import dev.evidencevault.index.text.Folding;

/** A condition on the value of a field. Immutable. */
public final class FieldQuery implements EventQuery {
    /** How a value is compared. */
    public enum Match {
        /** After folding: case and width do not count. */
        FOLDED(":"),
        /** Character for character. */
        EXACT("="),
        /** By its beginning, after folding. */
        PREFIX(":");

        private final String operator;

        Match(String operator) {
            this.operator = operator;
        }
    }

    private final QueryField field;
    private final Match match;
    private final String value;
    private final String folded;

    private FieldQuery(QueryField field, Match match, String value) {
        this.field = field;
        this.match = match;
        this.value = value;
        this.folded = Folding.fold(value);
    }

    static FieldQuery of(QueryField field, Match match, String value) {
        Spelling.requireValue(field.label(), value, match == Match.PREFIX);
        if (!field.choices().isEmpty() && match != Match.PREFIX) {
            String only = match == Match.FOLDED ? Folding.fold(value) : value;
            if (!field.choices().contains(only)) {
                throw new IllegalArgumentException(
                        "expected one of " + field.choices() + " for " + field.label() + ", found " + value);
            }
        }
        return new FieldQuery(field, match, value);
    }

    /** Returns the field. */
    public QueryField field() {
        return field;
    }

    /** Returns how it is compared. */
    public Match match() {
        return match;
    }

    /** Returns the value as it was given. */
    public String value() {
        return value;
    }

    @Override
    public boolean matches(LogRecord record) {
        return switch (match) {
            case FOLDED -> field.any(record, found -> Folding.fold(found).equals(folded));
            case EXACT -> field.any(record, value::equals);
            case PREFIX -> field.any(record, found -> Folding.fold(found).startsWith(folded));
        };
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FieldQuery query
                && query.field == field
                && query.match == match
                && query.value.equals(value);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * field.hashCode() + match.hashCode()) + value.hashCode();
    }

    @Override
    public String toString() {
        boolean prefix = match == Match.PREFIX;
        String spelled = prefix && value.isEmpty() ? "" : Spelling.of(value);
        return field.label() + match.operator + spelled + (prefix ? "*" : "");
    }
}
