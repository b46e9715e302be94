package dev.evidencevault.index.query;

import dev.evidencevault.format.LogRecord;
import dev.evidencevault.index.text.Folding;
import dev.evidencevault.index.text.SearchedTexts;
import dev.evidencevault.index.text.Words;
import java.util.Set;

/** A condition on the texts of a record: one of them has this as a part, whatever its case and width. Immutable. */
public final class PartQuery implements EventQuery {
    private final String text;
    private final String folded;

    PartQuery(String text) {
        Spelling.requireValue(WordsQuery.LABEL, text, false);
        this.text = text;
        this.folded = Folding.fold(text);
    }

    /** Returns the text as it was given. */
    public String text() {
        return text;
    }

    /** Returns the text as it is compared. */
    public String folded() {
        return folded;
    }

    /** Returns words, as a block's filter has them, that every matching record has. */
    public Set<String> required() {
        return Words.ofPart(folded);
    }

    @Override
    public boolean matches(LogRecord record) {
        return SearchedTexts.any(record, found -> Folding.fold(found).contains(folded));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PartQuery query && query.text.equals(text);
    }

    @Override
    public int hashCode() {
        return ~text.hashCode();
    }

    @Override
    public String toString() {
        return WordsQuery.LABEL + "~" + Spelling.of(text);
    }
}
