package dev.evidencevault.cases;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.crypto.note.NoteVerifier;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.KeyHistory;
import dev.evidencevault.format.LogId;
import dev.evidencevault.storage.Settings;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * One case in one file, for who verifies it without the vault: its steps, and the register of who may sign. It says what
 * the steps say, to everybody who reads it. Format: {@code docs/formats/case.md}.
 */
public final class CaseFile {
    /** The largest file that is read, in bytes. */
    public static final int BYTES_MAX = 64 << 20;

    private static final String FORMAT = "evidence-vault-case/1";

    private CaseFile() {}

    /** Returns the bytes of the file. */
    public static byte[] format(LogId vault, KeyHistory vaultKeys, PersonRegister register, Case written) {
        ObjectNode json = Json.object();
        json.put("format", FORMAT)
                .put("vault", vault.toString())
                .put("verifierKey", vaultKeys.current().verifier().format())
                .put("case", written.id().text());
        write(json.putArray("register"), register.steps());
        write(json.putArray("steps"), written.steps());
        vaultKeys.put(json);
        return Json.bytes(json);
    }

    private static void write(ArrayNode list, List<CaseStep> steps) {
        steps.forEach(step -> list.add(new String(step.note().format(), StandardCharsets.UTF_8)));
    }

    /**
     * What a file holds, verified.
     *
     * @param vaultKeys the vault's keys, which the file names and everything in it agrees with; that they are the vault's, its
     *     reader has to know from elsewhere
     * @param register who could sign
     * @param verified the case
     */
    public record Content(KeyHistory vaultKeys, PersonRegister register, Case verified) {}

    /**
     * Reads a file and verifies what it holds.
     *
     * @throws IllegalArgumentException if it is none, or not in the one spelling
     * @throws BrokenCaseException if a step is altered, missing, or not where it belongs
     */
    public static Content verify(byte[] bytes) throws BrokenCaseException {
        if (bytes.length > BYTES_MAX) {
            throw new IllegalArgumentException("a case has at most 64 MiB");
        }
        ObjectNode json = Json.parseObject(bytes, "the case");
        Json.requireOnly(
                json,
                Set.of("format", "vault", "verifierKey", "case", "register", "steps", KeyHistory.MEMBER),
                "the case");
        if (!Json.text(json, "format").equals(FORMAT)) {
            throw new IllegalArgumentException("expected the format " + FORMAT + ", found " + json.path("format"));
        }
        LogId vault = LogId.parse(Json.text(json, "vault"));
        NoteVerifier vaultKey = NoteVerifier.parse(Json.text(json, "verifierKey"));
        if (!vaultKey.name().equals(Settings.keyName(vault))) {
            throw new IllegalArgumentException(
                    "expected a key named " + Settings.keyName(vault) + ", found one named " + vaultKey.name());
        }
        KeyHistory vaultKeys = KeyHistory.read(vaultKey, json);
        PersonRegister register = PersonRegister.verify(vault, vaultKeys, read(json, "register"));
        Case verified =
                Case.verify(vault, vaultKeys, register, new CaseId(Json.text(json, "case")), read(json, "steps"));
        if (!Arrays.equals(format(vault, vaultKeys, register, verified), bytes)) {
            throw new IllegalArgumentException("the file is not spelled as it was written");
        }
        return new Content(vaultKeys, register, verified);
    }

    private static List<CaseStep> read(ObjectNode json, String name) throws BrokenCaseException {
        if (!(json.path(name) instanceof ArrayNode list)) {
            throw new IllegalArgumentException("expected a list for \"" + name + "\"");
        }
        List<CaseStep> steps = new ArrayList<>();
        for (JsonNode note : list) {
            try {
                steps.add(CaseStep.parse(note.asText().getBytes(StandardCharsets.UTF_8)));
            } catch (IllegalArgumentException e) {
                throw new BrokenCaseException(steps.size() + 1, Json.firstLine(e));
            }
        }
        return steps;
    }
}
