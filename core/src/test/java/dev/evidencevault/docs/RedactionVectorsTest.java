package dev.evidencevault.docs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.evidencevault.bundle.LeafLine;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.CommitmentScheme;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.LeafHeader;
import dev.evidencevault.format.LineFields;
import dev.evidencevault.format.ShownFields;
import dev.evidencevault.redaction.FieldPath;
import dev.evidencevault.redaction.Redaction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The vectors of pieces, of what is withheld, and of the list of rules. */
class RedactionVectorsTest {
    private static JsonNode vectors;

    @BeforeAll
    static void read() throws Exception {
        vectors = Json.parseObject(Files.readAllBytes(FormatVectors.path("redaction.json")), "the vectors");
    }

    private static byte[] utf8(JsonNode text) {
        return text.textValue().getBytes(StandardCharsets.UTF_8);
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(text -> texts.add(text.textValue()));
        return texts;
    }

    @Test
    void linesAreCutAndCommittedTo() {
        assertTrue(vectors.path("records").size() >= 9);
        for (JsonNode record : vectors.path("records")) {
            byte[] line = utf8(record.path("line"));
            byte[] salt = HexFormat.of().parseHex(record.path("salt").textValue());
            LineFields fields = LineFields.of(line);
            List<String> pieces = new ArrayList<>();
            List<String> paths = new ArrayList<>();
            for (int i = 0; i < fields.count(); i++) {
                pieces.add(new String(fields.piece(i), StandardCharsets.UTF_8));
                if (i > 0) {
                    paths.add(pointer(fields.path(i)));
                }
            }
            assertEquals(texts(record.path("pieces")), pieces);
            assertEquals(texts(record.path("paths")), paths);
            Digest commitment = Digest.parseHex(record.path("commitment").textValue());
            assertEquals(commitment, CommitmentScheme.FIELDS.commitment(salt, line));
            List<String> openings = texts(record.path("fields"));
            ShownFields shown =
                    ShownFields.of(salt, fields, i -> openings.get(i).length() == 64);
            assertEquals(openings, shown.spellings());
            assertEquals(commitment, shown.commitment(LineFields.of(utf8(record.path("shown")))));
            assertEquals(
                    texts(record.path("salts")),
                    ShownFields.of(salt, fields, i -> false).spellings());
        }
    }

    private static String pointer(List<String> path) {
        StringBuilder pointer = new StringBuilder();
        path.forEach(name -> pointer.append('/').append(name.replace("~", "~0").replace("/", "~1")));
        return pointer.toString();
    }

    @Test
    void theLeafIsSpelledAndHashed() {
        byte[] text = utf8(vectors.path("leafLine"));
        LeafLine line = LeafLine.parse(text);
        assertArrayEquals(text, line.format());
        LeafHeader header = line.header();
        assertEquals(vectors.path("header").textValue(), HexFormat.of().formatHex(header.encode()));
        assertEquals(vectors.path("leafHash").textValue(), header.leafHash().hex());
        assertTrue(line.opens(utf8(vectors.at("/records/0/shown"))));
        for (String refused : texts(vectors.path("refusedLeafLines"))) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> LeafLine.parse(refused.getBytes(StandardCharsets.UTF_8)),
                    refused);
        }
        for (String refused : texts(vectors.path("refusedLines"))) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> LineFields.of(refused.getBytes(StandardCharsets.UTF_8)),
                    refused);
        }
    }

    @Test
    void theListOfRulesIsSpelled() {
        byte[] text = utf8(vectors.path("redaction"));
        Redaction redaction = Redaction.parse(text);
        assertArrayEquals(text, redaction.format());
        assertEquals(vectors.path("sha256").textValue(), redaction.digest().hex());
        assertEquals(FieldPath.parse("/targets"), redaction.rules().get(0).path());
        for (String refused : texts(vectors.path("refusedRedactions"))) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> Redaction.parse(refused.getBytes(StandardCharsets.UTF_8)),
                    refused);
        }
    }
}
