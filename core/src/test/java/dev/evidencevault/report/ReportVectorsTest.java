package dev.evidencevault.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.docs.FormatVectors;
import dev.evidencevault.format.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The checks of the page read the vectors of the formats as the documents say. Skipped where there is no Chromium. */
class ReportVectorsTest {
    /** RFC 9381, appendix B.1, examples 10 and 11. */
    private static final String VRF =
            "[{\"key\":\"0360fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6\","
                    + "\"alpha\":\"sample\",\"proof\":\"035b5c726e8c0e2c488a107c600578ee75cb702343c153cb1eb8dec77f4b5071b4"
                    + "a53f0a46f018bc2c56e58d383f2305e0975972c26feea0eb122fe7893c15af376b33edf7de17c6ea056d4d82de6bc02f\","
                    + "\"value\":\"a3ad7b0ef73d8fc6655053ea22f9bede8c743f08bbed3d38821f0e16474b505e\"},"
                    + "{\"key\":\"0360fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6\","
                    + "\"alpha\":\"test\",\"proof\":\"034dac60aba508ba0c01aa9be80377ebd7562c4a52d74722e0abae7dc3080ddb56"
                    + "c19e067b15a8a8174905b13617804534214f935b94c2287f797e393eb0816969d864f37625b443f30f1a5a33f2b3c854\","
                    + "\"value\":\"a284f94ceec2ff4b3794629da7cbafa49121972671b466cab4ce170aa365f26d\"}]";

    @Test
    void theChecksReadTheVectorsAsTheDocumentsSay() throws Exception {
        ObjectNode vectors = Json.object();
        vectors.set("vrf", Json.mapper().readTree(VRF));
        for (String name : List.of("tree", "record", "order", "anchor", "bundle", "redaction")) {
            vectors.set(name, FormatVectors.read(name + ".json"));
        }
        vectors.put("timestamps", FormatVectors.read("timestamps.json").toString());
        String script =
                PageParts.CHECK_SCRIPTS.stream().map(PageParts::resource).collect(Collectors.joining("\n"))
                        + "\nconst VECTORS = " + vectors + ";\n" + resource();
        try (Browser browser = Browser.start()) {
            BrowserPage page = browser.open("about:blank", 800, 600);
            JsonNode result = Json.mapper().readTree(page.text(script));
            assertEquals("[]", result.path("problems").toString());
            assertTrue(result.path("count").asInt() > 500, result::toString);
        }
    }

    private static String resource() throws IOException {
        try (InputStream in = ReportVectorsTest.class.getResourceAsStream("vectors.js")) {
            if (in == null) {
                throw new IllegalStateException("vectors.js is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
