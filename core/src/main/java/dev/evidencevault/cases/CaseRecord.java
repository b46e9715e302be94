package dev.evidencevault.cases;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.Change;
import dev.evidencevault.format.Json;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a log holds of a step: which it is, by its digest, and nothing of what it says. Immutable.
 *
 * @param id the case, or the register
 * @param number the step's place in it
 * @param kind the step's kind
 * @param person who made it or tried to; absent if that is not known
 * @param tenant whom the case is about; absent in what the register holds
 * @param step the step's digest
 */
public record CaseRecord(
        CaseId id,
        long number,
        StepKind kind,
        @Nullable String person,
        @Nullable String tenant,
        Digest step) {
    private static final Set<String> MEMBERS = Set.of("case", "step", "kind", "person", "tenant", "sha256");

    /** Returns the record of a step. */
    public static CaseRecord of(CaseStep step, @Nullable String tenant) {
        return new CaseRecord(
                step.head().id(), step.number(), step.kind(), step.head().person(), tenant, step.digest());
    }

    /** Returns the change that stands in a log. */
    public Change toChange() {
        ObjectNode json = Json.object();
        json.put("case", id.text()).put("step", number).put("kind", kind.label());
        if (person != null) {
            json.put("person", person);
        }
        if (tenant != null) {
            json.put("tenant", tenant);
        }
        json.put("sha256", step.hex());
        return new Change(Change.What.CASE, null, json.toString(), null);
    }

    /**
     * Reads what a change of a case says.
     *
     * @throws IllegalArgumentException if it says something else
     */
    public static CaseRecord of(Change change) {
        String after = change.after();
        if (change.what() != Change.What.CASE || after == null) {
            throw new IllegalArgumentException("expected a change of a case");
        }
        ObjectNode json = Json.parseObject(after.getBytes(StandardCharsets.UTF_8), "the record of a step");
        Json.requireOnly(json, MEMBERS, "the record of a step");
        return new CaseRecord(
                new CaseId(Json.text(json, "case")),
                Json.integer(json, "step"),
                StepKind.ofLabel(Json.text(json, "kind")),
                json.has("person") ? Json.text(json, "person") : null,
                json.has("tenant") ? Json.text(json, "tenant") : null,
                Digest.parseHex(Json.text(json, "sha256")));
    }
}
