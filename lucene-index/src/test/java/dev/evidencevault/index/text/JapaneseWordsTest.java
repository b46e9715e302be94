package dev.evidencevault.index.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.LinkedHashSet;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JapaneseWordsTest {
    @ParameterizedTest
    @CsvSource({
        "走る, 毎日走っていました, true",
        "走る, 走行中, false",
        "京都, 東京都庁, false",
        "京都, 京都の寺, true",
        "サーバー, サーバを停止, true",
        "ｻｰﾊﾞ, サーバーを停止, true",
        "停止した, サーバは停止します, true",
        "取り扱う, 個人情報を取り扱った, true",
        "空港, 関西国際空港, true",
        "の, 私の本, true",
        "する, 報告, false",
        "報告書の削除, 削除。そして報告書, true",
        "報告書の削除, 報告書だけ, false",
    })
    void wordsAreFoundInEveryInflection(String query, String text, boolean found) {
        Set<JapaneseWords.Word> wanted = new LinkedHashSet<>(JapaneseWords.ofQuery(Folding.fold(query)));
        JapaneseWords.removeFound(Folding.fold(text), wanted);
        assertEquals(found, wanted.isEmpty(), wanted.toString());
    }

    @ParameterizedTest
    @CsvSource({"ABC, abc", "Ａｂｃ　１, abc 1", "ｻｰﾊﾞｰ, サーバー", "É, é", "㍿, 株式会社", "Ω, ω", "x, x"})
    void textsAreFoldedByCompatibilityAndCase(String text, String folded) {
        assertEquals(folded, Folding.fold(text));
    }
}
