package dev.evidencevault.bundle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.format.LogId;
import dev.evidencevault.place.Place;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExportStatementTest {
    private static ExportStatement statement(List<ExportStatement.Lay> places) {
        LogId id = LogId.parse("00112233445566778899aabbccddeeff");
        return new ExportStatement("software", 0, id, id, "acme", 1, 0, null, places);
    }

    @Test
    void saysWhereRecordsLayInTheSecondVersionOnly() {
        ExportStatement with = statement(List.of(
                new ExportStatement.Lay("berlin", "DE", Place.Kind.LOGS),
                new ExportStatement.Lay("main", "JP", Place.Kind.VAULT)));
        String text = new String(with.format(), StandardCharsets.UTF_8);
        assertTrue(
                text.endsWith(",\"places\":[{\"name\":\"berlin\",\"jurisdiction\":\"DE\",\"kind\":\"logs\"},"
                        + "{\"name\":\"main\",\"jurisdiction\":\"JP\",\"kind\":\"vault\"}]}"),
                text);
        assertEquals(with, ExportStatement.parse(with.format()));
        ExportStatement without = statement(List.of());
        assertTrue(new String(without.format(), StandardCharsets.UTF_8).contains("evidence-vault-export/1"));
        assertArrayEquals(
                without.format(), ExportStatement.parse(without.format()).format());
        for (String[] change : new String[][] {
            {"export/2", "export/1"},
            {"export/2", "export/3"},
            {"\"DE\"", "\"de\""},
            {"\"DE\"", "\"DEU\""},
            {"\"logs\"", "\"configuration\""},
            {"\"berlin\"", "\"main\""},
            {"\"berlin\"", "\"zurich\""},
            {"\"berlin\"", "\"Berlin\""},
            {"\"berlin\"", "7"},
            {",\"kind\":\"logs\"", ""},
            {"{\"name\":\"berlin\"", "{\"more\":1,\"name\":\"berlin\""},
            {"[{\"name\":\"berlin\",\"jurisdiction\":\"DE\",\"kind\":\"logs\"},", "[7,"},
            {"\"places\":[", "\"places\":[[],"},
        }) {
            assertTrue(text.contains(change[0]), change[0]);
            byte[] bad = text.replace(change[0], change[1]).getBytes(StandardCharsets.UTF_8);
            assertThrows(IllegalArgumentException.class, () -> ExportStatement.parse(bad), change[1]);
        }
        String empty = text.substring(0, text.indexOf("[")) + "[]}";
        assertThrows(
                IllegalArgumentException.class, () -> ExportStatement.parse(empty.getBytes(StandardCharsets.UTF_8)));
    }
}
