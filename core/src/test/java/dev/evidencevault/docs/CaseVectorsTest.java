package dev.evidencevault.docs;

import static dev.evidencevault.docs.FormatVectors.hex;
import static dev.evidencevault.docs.FormatVectors.read;
import static dev.evidencevault.docs.FormatVectors.utf8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.cases.BrokenCaseException;
import dev.evidencevault.cases.Case;
import dev.evidencevault.cases.CaseFile;
import dev.evidencevault.cases.CaseId;
import dev.evidencevault.cases.CaseState;
import dev.evidencevault.cases.CaseStep;
import dev.evidencevault.cases.PersonRegister;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.crypto.note.CheckpointKeys;
import dev.evidencevault.crypto.note.NoteVerifier;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.KeyHistory;
import dev.evidencevault.format.LogId;
import dev.evidencevault.storage.UnlockedVault;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The cases of {@code docs/formats/vectors/case.json}, which were made without the library. */
class CaseVectorsTest {
    @TempDir
    private Path directory;

    private static List<CaseStep> steps(JsonNode notes) throws Exception {
        List<CaseStep> steps = new ArrayList<>();
        for (JsonNode note : notes) {
            CaseStep step = CaseStep.parse(utf8(note));
            assertArrayEquals(utf8(note), step.note().format());
            steps.add(step);
        }
        return steps;
    }

    private static Case verify(JsonNode vector, List<CaseStep> steps) throws Exception {
        LogId vault = LogId.parse(vector.path("vault").textValue());
        KeyHistory key = KeyHistory.of(
                CheckpointKeys.of(NoteVerifier.parse(vector.path("verifierKey").textValue())));
        PersonRegister register = PersonRegister.verify(vault, key, steps(vector.path("register")));
        return Case.verify(vault, key, register, new CaseId(vector.path("case").textValue()), steps);
    }

    @Test
    void aCaseThatAnotherProgramMadeIsGood() throws Exception {
        JsonNode vector = read("case.json");
        Case verified = verify(vector, steps(vector.path("steps")));
        assertEquals(vector.path("state").textValue(), verified.state().label());
        assertEquals(CaseState.CLOSED, verified.state());
        for (int i = 0; i < verified.steps().size(); i++) {
            assertEquals(
                    vector.path("digests").path(i).textValue(),
                    verified.steps().get(i).digest().hex());
        }
        CaseFile.Content content = CaseFile.verify(utf8(vector.path("caseFile")));
        assertEquals(verified.steps(), content.verified().steps());
        assertEquals(
                vector.path("verifierKey").textValue(),
                content.vaultKeys().current().verifier().format());
    }

    @Test
    void aStepOpensAtItsPlaceOnly() throws Exception {
        JsonNode vector = read("case.json");
        JsonNode vault = read("vault.json");
        Files.write(directory.resolve("vault.json"), utf8(vault.path("vaultJson")));
        Files.write(directory.resolve("vault.sig"), utf8(vault.path("vaultSig")));
        UnlockedVault unlocked = UnlockedVault.unlock(directory, FormatVectors.secret());
        byte[] file = hex(vector.path("sealed").path("file"));
        String of = vector.path("vault").textValue() + "/" + vector.path("case").textValue() + "/";
        assertArrayEquals(
                utf8(vector.path("steps").path(1)), unlocked.nodeKeys().openStep(file, of + "2"));
        assertThrows(WrongKeyException.class, () -> unlocked.nodeKeys().openStep(file, of + "3"));
    }

    @Test
    void whatIsNoStepIsRefused() throws Exception {
        for (JsonNode refused : read("case.json").path("refusedSteps")) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> CaseStep.parse(utf8(refused.path("note"))),
                    refused.path("why").textValue());
        }
    }

    /** What case.md settles between two readers. */
    @Test
    void bothReadersJudgeAlike() throws Exception {
        JsonNode vector = read("case.json");
        for (JsonNode good : vector.path("settled").path("accepted")) {
            assertDoesNotThrow(
                    () -> CaseFile.verify(file(vector, good)), good.path("why").textValue());
        }
        for (JsonNode bad : vector.path("settled").path("refused")) {
            String why = bad.path("why").textValue();
            Exception refused = assertThrows(Exception.class, () -> CaseFile.verify(file(vector, bad)), why);
            assertTrue(
                    refused instanceof BrokenCaseException || refused instanceof IllegalArgumentException,
                    why + ": " + refused);
        }
    }

    private static byte[] file(JsonNode vector, JsonNode settled) throws Exception {
        ObjectNode json = Json.object().put("format", "evidence-vault-case/1");
        json.set("vault", vector.path("vault"));
        json.set("verifierKey", settled.path("verifierKey"));
        json.set("case", vector.path("case"));
        json.set("register", settled.path("register"));
        json.set("steps", settled.path("steps"));
        return Json.bytes(json);
    }

    @Test
    void aBrokenCaseIsRefused() throws Exception {
        JsonNode vector = read("case.json");
        for (JsonNode broken : vector.path("brokenCases")) {
            List<CaseStep> steps = steps(broken.path("steps"));
            assertThrows(
                    BrokenCaseException.class,
                    () -> verify(vector, steps),
                    broken.path("why").textValue());
        }
        String file = new String(utf8(vector.path("caseFile")), StandardCharsets.UTF_8);
        for (String bad : List.of(
                file.replace("{\"format\":", "{\"format\": "),
                file.replace("-case/1", "-case/2"),
                file.replace("\"register\":[", "\"register\":{}, \"x\":["),
                file + "\n")) {
            assertThrows(IllegalArgumentException.class, () -> CaseFile.verify(bad.getBytes(StandardCharsets.UTF_8)));
        }
        assertThrows(
                BrokenCaseException.class,
                () -> CaseFile.verify(file.replace("Clerk Ono", "Clerk Abe").getBytes(StandardCharsets.UTF_8)));
    }
}
