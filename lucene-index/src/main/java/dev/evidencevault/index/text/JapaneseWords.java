package dev.evidencevault.index.text;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.lucene.analysis.ja.JapaneseAnalyzer;
import org.apache.lucene.analysis.ja.JapaneseTokenizer;
import org.apache.lucene.analysis.ja.tokenattributes.BaseFormAttribute;
import org.apache.lucene.analysis.ja.tokenattributes.PartOfSpeechAttribute;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;

/**
 * Finds the words of Japanese with Lucene's dictionary (Kuromoji, IPADIC), in the form in which a dictionary has them: 走った
 * has the word 走る. It takes a microsecond for every few characters, so it is asked when records are looked at, never when
 * they are written; the first use loads the dictionary, some tenths of a second.
 */
public final class JapaneseWords {
    /** Katakana words from this length on are the same with and without the long vowel at their end: サーバー, サーバ. */
    private static final int LONG_VOWEL_CHARS_MIN = 4;

    private static final char LONG_VOWEL = '\u30FC';

    /**
     * A word of Japanese.
     *
     * @param form its form in the dictionary
     * @param stem its beginning up to the last character that is not Hiragana: what no inflection changes; may be empty
     */
    public record Word(String form, String stem) {
        private static Word of(String form) {
            int to = form.length();
            while (to > 0 && Character.UnicodeScript.of(form.codePointBefore(to)) == Character.UnicodeScript.HIRAGANA) {
                to -= Character.charCount(form.codePointBefore(to));
            }
            return new Word(form, form.substring(0, to));
        }
    }

    private JapaneseWords() {}

    /** Says whether a character is one that Japanese is written with: Han, Hiragana, Katakana and the long vowel. */
    public static boolean isJapanese(int c) {
        if (c < 0x2E80) {
            return false;
        }
        return c == LONG_VOWEL
                || switch (Character.UnicodeScript.of(c)) {
                    case HAN, HIRAGANA, KATAKANA -> Character.isLetter(c);
                    default -> false;
                };
    }

    /** Returns the longest parts of a text that are of such characters only. */
    static List<String> runs(String folded) {
        List<String> runs = new ArrayList<>();
        int begin = -1;
        for (int i = 0; i < folded.length(); ) {
            int c = folded.codePointAt(i);
            if (isJapanese(c)) {
                begin = begin < 0 ? i : begin;
            } else if (begin >= 0) {
                runs.add(folded.substring(begin, i));
                begin = -1;
            }
            i += Character.charCount(c);
        }
        if (begin >= 0) {
            runs.add(folded.substring(begin));
        }
        return runs;
    }

    /**
     * Returns the words of a query: without particles, auxiliaries and what else says little (Lucene's lists), unless there
     * is nothing else.
     */
    public static Set<Word> ofQuery(String folded) {
        Set<Word> all = new LinkedHashSet<>();
        Set<Word> telling = new LinkedHashSet<>();
        for (String run : runs(folded)) {
            analyse(run, (form, partOfSpeech) -> {
                Word word = Word.of(form);
                all.add(word);
                if (!JapaneseAnalyzer.getDefaultStopTags().contains(partOfSpeech)
                        && !JapaneseAnalyzer.getDefaultStopSet().contains(form)) {
                    telling.add(word);
                }
            });
        }
        return telling.isEmpty() ? all : telling;
    }

    /**
     * Takes from a set what is found in a text. Only the parts of the text that hold a word's stem are analysed.
     *
     * @param wanted words, changed by this
     */
    public static void removeFound(String folded, Set<Word> wanted) {
        if (wanted.stream().noneMatch(word -> folded.contains(word.stem()))) {
            return;
        }
        for (String run : runs(folded)) {
            if (wanted.stream().anyMatch(word -> run.contains(word.stem()))) {
                analyse(
                        run,
                        (form, partOfSpeech) ->
                                wanted.removeIf(word -> word.form().equals(form) && run.contains(word.stem())));
            }
        }
    }

    private interface Found {
        void word(String form, String partOfSpeech);
    }

    private static void analyse(String run, Found found) {
        try (JapaneseTokenizer tokens = new JapaneseTokenizer(null, true, true, JapaneseTokenizer.Mode.SEARCH)) {
            CharTermAttribute term = tokens.addAttribute(CharTermAttribute.class);
            BaseFormAttribute base = tokens.addAttribute(BaseFormAttribute.class);
            PartOfSpeechAttribute part = tokens.addAttribute(PartOfSpeechAttribute.class);
            tokens.setReader(new StringReader(run));
            tokens.reset();
            while (tokens.incrementToken()) {
                String form = base.getBaseForm();
                String partOfSpeech = part.getPartOfSpeech();
                found.word(
                        withoutLongVowel(form == null ? term.toString() : form),
                        partOfSpeech == null ? "" : partOfSpeech);
            }
            tokens.end();
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory", e);
        }
    }

    private static String withoutLongVowel(String form) {
        boolean ends = form.length() >= LONG_VOWEL_CHARS_MIN
                && form.charAt(form.length() - 1) == LONG_VOWEL
                && form.codePoints().allMatch(JapaneseWords::isKatakana);
        return ends ? form.substring(0, form.length() - 1) : form;
    }

    private static boolean isKatakana(int c) {
        return c == LONG_VOWEL || Character.UnicodeScript.of(c) == Character.UnicodeScript.KATAKANA;
    }
}
