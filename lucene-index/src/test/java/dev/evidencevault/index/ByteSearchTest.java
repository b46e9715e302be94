package dev.evidencevault.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class ByteSearchTest {
    @Provide
    Arbitrary<String> needles() {
        return Arbitraries.strings().withChars("abc1").ofMinLength(1).ofMaxLength(5);
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.strings().withChars("abcABC1\u00e9 ").ofMaxLength(60);
    }

    @Property
    void findsWhatTheStringFinds(@ForAll("needles") String needle, @ForAll("texts") String text) {
        byte[] bytes = ("xx" + text + "yy").getBytes(StandardCharsets.ISO_8859_1);
        byte[] looked = needle.getBytes(StandardCharsets.ISO_8859_1);
        int expected = text.indexOf(needle);
        assertEquals(expected < 0 ? -1 : expected + 2, new ByteSearch(looked).find(bytes, 2, 2 + text.length()));
        int anyCase = text.toLowerCase(Locale.ROOT).indexOf(needle);
        assertEquals(
                anyCase < 0 ? -1 : anyCase + 2, ByteSearch.ignoringCase(looked).find(bytes, 2, 2 + text.length()));
        assertEquals(text.indexOf('\u00e9') < 0, ByteSearch.isAscii(bytes, 2, 2 + text.length()));
    }

    @Test
    void nothingIsNotLookedFor() {
        assertThrows(IllegalArgumentException.class, () -> new ByteSearch(new byte[0]));
    }
}
