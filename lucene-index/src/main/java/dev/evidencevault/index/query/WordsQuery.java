package dev.evidencevault.index.query;

import dev.evidencevault.format.LogRecord;
import dev.evidencevault.index.text.Folding;
import dev.evidencevault.index.text.JapaneseWords;
import dev.evidencevault.index.text.SearchedTexts;
import dev.evidencevault.index.text.Words;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

/** A condition on the words of a record: it has all of them, anywhere. Immutable. */
public final class WordsQuery implements EventQuery {
    static final String LABEL = "text";

    private final String text;
    private final Set<String> words;
    private final Set<JapaneseWords.Word> japanese;

    WordsQuery(String text) {
        Spelling.requireValue(LABEL, text, false);
        this.text = text;
        String folded = Folding.fold(text);
        this.words = Set.copyOf(Words.ofWhole(withoutJapanese(folded)));
        this.japanese = Set.copyOf(JapaneseWords.ofQuery(folded));
        if (words.isEmpty() && japanese.isEmpty()) {
            throw new IllegalArgumentException("expected a text with at least one letter or digit");
        }
    }

    private static String withoutJapanese(String folded) {
        StringBuilder rest = new StringBuilder(folded.length());
        folded.codePoints().forEach(c -> rest.appendCodePoint(JapaneseWords.isJapanese(c) ? ' ' : c));
        return rest.toString();
    }

    /** Returns the text as it was given. */
    public String text() {
        return text;
    }

    /** Returns words, as a block's filter has them, that every matching record has. */
    public Set<String> required() {
        Set<String> required = new HashSet<>(words);
        japanese.forEach(word -> required.addAll(Words.ofWhole(word.stem())));
        return required;
    }

    @Override
    public boolean matches(LogRecord record) {
        if (!words.isEmpty() && !Words.of(record).containsAll(words)) {
            return false;
        }
        if (japanese.isEmpty()) {
            return true;
        }
        Set<JapaneseWords.Word> wanted = new LinkedHashSet<>(japanese);
        return SearchedTexts.any(record, found -> {
            JapaneseWords.removeFound(Folding.fold(found), wanted);
            return wanted.isEmpty();
        });
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof WordsQuery query && query.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return LABEL + ":" + Spelling.of(text);
    }
}
