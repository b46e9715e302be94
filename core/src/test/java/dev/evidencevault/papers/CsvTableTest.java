package dev.evidencevault.papers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A table shows what is in a value, gives it back whole, and is no program. */
class CsvTableTest {
    private static byte[] bytes(String... cells) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (CsvTable table = new CsvTable(out, List.of(cells))) {
            return written(table, out);
        }
    }

    private static byte[] written(CsvTable table, ByteArrayOutputStream out) throws IOException {
        table.close();
        return out.toByteArray();
    }

    private static String cell(String value) throws IOException {
        return PaperDesk.table(new String(bytes(value, "x"), StandardCharsets.UTF_8))
                .get(0)
                .get(0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "=1+1",
                "+1",
                "-1",
                "@SUM(A1)",
                "'=1",
                "=HYPERLINK(\"http://example.org\",\"click\")",
                "=cmd|' /C calc'!A0",
                "\uff1d1+1",
                "\uff0b1",
                "\uff0d1",
                "\uff20A1",
                "\"quoted\", with comma",
                "a\r\nb",
                "\t=1",
                "\r=1",
                "\u0000",
                "\u202egpj.exe",
                "\u2066x\u2069",
                "a\u200bb",
                "\u27e6U+0041\u27e7",
                "\u27e6",
                "\ud83d\ude00",
                "\ud83d",
                "\ude00x",
                "\u2028\u2029",
                "\u00a0",
                "\ufeff",
                "",
                " ",
            })
    void valuesComeBackAndNoCellIsAFormula(String value) throws IOException {
        String cell = cell(value);
        assertEquals(value, PaperDesk.value(cell));
        requireHarmless(cell);
    }

    private static void requireHarmless(String cell) {
        assertTrue(cell.isEmpty() || "=+-@\uff1d\uff0b\uff0d\uff20\t\r".indexOf(cell.charAt(0)) < 0, cell);
        assertTrue(cell.codePoints().noneMatch(Character::isISOControl), cell);
        assertTrue(cell.codePoints().noneMatch(c -> Character.getType(c) == Character.FORMAT), cell);
        assertTrue(cell.codePoints().noneMatch(c -> c >= 0xd800 && c <= 0xdfff), cell);
    }

    @Provide
    Arbitrary<String> anything() {
        return Arbitraries.strings()
                .withChars("=+-@'\"\r\n\t,;a\u27e6\u27e7U041\u202e\ud83d\ude00\u3000")
                .ofMaxLength(12)
                .injectDuplicates(0.1);
    }

    @Property
    void anyTextComesBack(@ForAll("anything") String value) throws IOException {
        String cell = cell(value);
        assertEquals(value, PaperDesk.value(cell));
        requireHarmless(cell);
    }

    @Property
    void noTwoTextsLookTheSame(@ForAll("anything") String one, @ForAll("anything") String other) throws IOException {
        assertEquals(one.equals(other), cell(one).equals(cell(other)));
    }

    @Test
    void aLongValueIsCutAndSaysByHowMuch() throws IOException {
        assertEquals("x".repeat(32_000), cell("x".repeat(32_000)));
        assertEquals("x".repeat(32_000) + "\u27e6+3\u27e7", cell("x".repeat(32_003)));
        String faces = cell("\ud83d\ude00".repeat(20_000));
        assertTrue(faces.endsWith("\u27e6+4000\u27e7"), faces.substring(faces.length() - 20));
        assertTrue(cell("\u0000".repeat(20_000)).endsWith("\u27e6+16000\u27e7"));
    }

    @Test
    void tablesBeginWithAMarkAndEndInCrLf() throws IOException {
        assertEquals("\ufeff\"a\",\"b\"\"c\"\r\n", new String(bytes("a", "b\"c"), StandardCharsets.UTF_8));
        assertThrows(IllegalArgumentException.class, () -> {
            try (CsvTable table = new CsvTable(new ByteArrayOutputStream(), List.of("a"))) {
                table.row(List.of("a", "b"));
            }
        });
    }

    @Test
    void markdownHasNoMarksOfOthers() {
        String text = Markdown.text("<b>|`x`\n# [a](http://b) ![c] {order} www.d \u202e");
        assertFalse(text.contains("<b>"));
        assertFalse(text.contains("\n"));
        assertEquals(
                "&lt;b&gt;\\|\\`x\\`\u27e6U+000A\u27e7# \\[a\\](http\\://b) !\\[c\\] {order} www\\.d \u27e6U+202E\u27e7",
                text);
    }

    @Test
    void aValueIsNotLookedAtForNames() {
        assertEquals("a {b} $1 \\", Template.of("x", "{a}").fill(java.util.Map.of("a", "a {b} $1 \\", "b", "no")));
        assertThrows(IllegalStateException.class, () -> Template.of("x", "{c}").fill(java.util.Map.of()));
    }
}
