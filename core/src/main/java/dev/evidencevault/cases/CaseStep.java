package dev.evidencevault.cases;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.LogId;
import dev.evidencevault.format.Timestamps;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A step of a case, or of the register of persons: a signed note. Holding one says nothing about whether its signature is
 * good and whether it may stand where it stands; {@link Case} says that. Immutable. Format: {@code docs/formats/case.md}.
 *
 * @param head where it stands, when it was made and by whom
 * @param body what it says
 * @param note the note, with one signature
 * @param digest SHA-256 of the note's bytes, which the step after it names
 */
public record CaseStep(Head head, StepBody body, SignedNote note, Digest digest) {
    /** The highest number of a step. */
    public static final long NUMBER_MAX = 100_000;

    private static final String LABEL = "evidence-vault/case-step/v1\n";
    private static final Set<String> MEMBERS =
            Set.of("v", "vault", "case", "step", "previous", "register", "at", "kind", "person", "body");

    /**
     * Where a step stands, when it was made and by whom.
     *
     * @param vault the vault's id
     * @param id the case
     * @param number its place, from 1 without gaps
     * @param previous the digest of the step before; absent in the first
     * @param register the digest of the last step of the register when this was made; absent in the register itself
     * @param at when it was made, as the machine says that made it; never before the step before it
     * @param person who made it, or tried to; absent if that is the vault itself or not known
     */
    public record Head(
            LogId vault,
            CaseId id,
            long number,
            @Nullable Digest previous,
            @Nullable Digest register,
            long at,
            @Nullable String person) {
        /** Checks the number, and that all but the first have a step before them. */
        public Head {
            if (number < 1 || number > NUMBER_MAX) {
                throw new IllegalArgumentException(
                        "a case has at most " + NUMBER_MAX + " steps, numbered from 1, found " + number);
            }
            if ((number == 1) != (previous == null)) {
                throw new IllegalArgumentException("every step but the first names the digest of the one before");
            }
        }
    }

    /** Returns the text that is signed. */
    static String text(Head head, StepBody body) {
        ObjectNode json = Json.object();
        json.put("v", 1)
                .put("vault", head.vault.toString())
                .put("case", head.id.text())
                .put("step", head.number);
        if (head.previous != null) {
            json.put("previous", head.previous.hex());
        }
        if (head.register != null) {
            json.put("register", head.register.hex());
        }
        json.put("at", Timestamps.format(head.at)).put("kind", body.kind().label());
        if (head.person != null) {
            json.put("person", head.person);
        }
        json.set("body", body.toJson());
        return LABEL + json + "\n";
    }

    /**
     * Reads a step.
     *
     * @throws IllegalArgumentException if the bytes are none, or not in the one spelling
     */
    public static CaseStep parse(byte[] bytes) {
        SignedNote note = SignedNote.parse(bytes);
        if (note.signatures().size() != 1 || !Arrays.equals(note.format(), bytes)) {
            throw new IllegalArgumentException("expected a note with one signature in its one spelling");
        }
        if (!note.text().startsWith(LABEL)) {
            throw new IllegalArgumentException("expected a step of version 1, found another first line");
        }
        ObjectNode json =
                Json.parseObject(note.text().substring(LABEL.length()).getBytes(StandardCharsets.UTF_8), "the step");
        Json.requireOnly(json, MEMBERS, "the step");
        if (Json.integer(json, "v") != 1 || !(json.path("body") instanceof ObjectNode body)) {
            throw new IllegalArgumentException("expected version 1 of a step, with a body");
        }
        Head head = new Head(
                LogId.parse(Json.text(json, "vault")),
                new CaseId(Json.text(json, "case")),
                Json.integer(json, "step"),
                json.has("previous") ? Digest.parseHex(Json.text(json, "previous")) : null,
                json.has("register") ? Digest.parseHex(Json.text(json, "register")) : null,
                Timestamps.parse(Json.text(json, "at")),
                json.has("person") ? Json.text(json, "person") : null);
        StepBody parsed = StepBody.parse(StepKind.ofLabel(Json.text(json, "kind")), body);
        if (!text(head, parsed).equals(note.text())) {
            throw new IllegalArgumentException("the step is not in its one spelling");
        }
        return new CaseStep(head, parsed, note, Digest.sha256(bytes));
    }

    /** Returns the kind. */
    public StepKind kind() {
        return body.kind();
    }

    /** Returns the place in its case. */
    public long number() {
        return head.number;
    }

    /** Returns when it was made, in nanoseconds since 1970. */
    public long at() {
        return head.at;
    }
}
