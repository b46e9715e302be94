package dev.evidencevault.place;

import static dev.evidencevault.docs.FormatVectors.read;
import static dev.evidencevault.docs.FormatVectors.utf8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.evidencevault.docs.FormatVectors;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A register that was not written by this code, and what is like one and is none. */
class PlaceVectorsTest {
    @TempDir
    private Path directory;

    private JsonNode vector;
    private Layout layout;
    private Settings settings;

    @BeforeEach
    void layOut() throws Exception {
        vector = read("places.json");
        layout = new Layout(directory);
        Files.write(layout.settings(), utf8(vector.path("vaultJson")));
        Files.write(layout.settingsSignature(), utf8(vector.path("vaultSig")));
        settings = Settings.read(layout);
    }

    private PlaceRegister register(JsonNode note) throws Exception {
        Files.write(layout.places(), utf8(note));
        return PlaceRegister.read(layout, settings);
    }

    @Test
    void aRegisterIsReadAndIsThatOfTheDocument() throws Exception {
        PlaceRegister register = register(vector.path("note"));
        assertEquals(vector.path("number").longValue(), register.number());
        List<Place> places = new ArrayList<>();
        vector.path("places")
                .forEach(place -> places.add(new Place(
                        place.path("name").textValue(),
                        place.path("jurisdiction").textValue(),
                        Place.Kind.ofLabel(place.path("kind").textValue()),
                        place.path("location").textValue())));
        assertEquals(places, List.copyOf(register.places().values()));
        for (Map.Entry<String, JsonNode> bound : vector.path("bound").properties()) {
            List<String> allowed = new ArrayList<>();
            bound.getValue().forEach(country -> allowed.add(country.textValue()));
            assertEquals(allowed, List.copyOf(register.bindings().get(bound.getKey())));
        }
        assertEquals(1, register.bindings().size());
        String document = Files.readString(FormatVectors.repository("docs/formats/places.md"));
        assertTrue(document.contains("```text\n" + vector.path("text").textValue() + "```"));
    }

    @Test
    void whatIsNoRegisterIsRefused() {
        int refused = 0;
        for (JsonNode each : vector.path("refused")) {
            assertThrows(
                    CorruptFileException.class,
                    () -> register(each.path("note")),
                    () -> each.path("why").textValue());
            refused++;
        }
        assertEquals(18, refused);
    }
}
