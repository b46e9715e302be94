package dev.evidencevault.papers;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.format.Change;
import dev.evidencevault.report.HtmlReport;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever may change in a log, each part of a bundle that tells of changes knows it. */
class ChangeWordsTest {
    private static String resource(Class<?> beside, String name) throws IOException {
        try (InputStream in = beside.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @EnumSource(Change.What.class)
    void everyChangeHasItsWords(Change.What what) throws Exception {
        assertFalse(Texts.of("ja").text("change." + what.label()).isBlank());
        assertTrue(resource(Papers.class, "event.schema.json").contains("\"" + what.label() + "\""));
        assertTrue(resource(HtmlReport.class, "record.js").contains("'" + what.label() + "'"));
    }
}
