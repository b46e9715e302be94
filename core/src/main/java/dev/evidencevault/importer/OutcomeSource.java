package dev.evidencevault.importer;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.Event.Outcome;
import dev.evidencevault.format.Json;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where the outcome comes from. The grammar is in the package's description. */
sealed interface OutcomeSource {
    /** Words that mean success where a mapping does not say otherwise, in lower case. */
    Set<String> SUCCESS_WORDS = Set.of(
            "success",
            "succeeded",
            "successful",
            "ok",
            "allow",
            "allowed",
            "accept",
            "accepted",
            "granted",
            "permit",
            "permitted",
            "pass",
            "passed",
            "completed",
            "audit_success",
            "yes",
            "true");

    /** Words that mean failure where a mapping does not say otherwise, in lower case. */
    Set<String> FAILURE_WORDS = Set.of(
            "failure",
            "fail",
            "failed",
            "error",
            "deny",
            "denied",
            "reject",
            "rejected",
            "refused",
            "forbid",
            "forbidden",
            "unauthorized",
            "blocked",
            "audit_failure",
            "no",
            "false");

    /** Returns the outcome, or null if this source does not tell. */
    @Nullable
    Outcome outcome(JsonNode record) throws UnusableLineException;

    /** A text that is one of the known words. */
    record Word(Source source) implements OutcomeSource {
        @Override
        public @Nullable Outcome outcome(JsonNode record) throws UnusableLineException {
            String text = source.text(record);
            if (text == null) {
                return null;
            }
            String word = text.strip().toLowerCase(Locale.ROOT);
            return SUCCESS_WORDS.contains(word)
                    ? Outcome.SUCCESS
                    : FAILURE_WORDS.contains(word) ? Outcome.FAILURE : null;
        }
    }

    /** Rules for the value at a pointer. */
    record Rules(
            JsonPointer pointer,
            Set<String> success,
            Set<String> failure,
            @Nullable Pattern successMatches,
            @Nullable Pattern failureMatches,
            @Nullable Outcome present,
            @Nullable Outcome absent)
            implements OutcomeSource {
        @Override
        public @Nullable Outcome outcome(JsonNode record) throws UnusableLineException {
            JsonNode node = record.at(pointer);
            String text = Scalar.text(node);
            if (text == null) {
                return node.isContainerNode() && !node.isEmpty() ? present : absent;
            }
            if (success.contains(text) || successMatches != null && Scalar.find(successMatches, text) != null) {
                return Outcome.SUCCESS;
            }
            if (failure.contains(text) || failureMatches != null && Scalar.find(failureMatches, text) != null) {
                return Outcome.FAILURE;
            }
            return present;
        }
    }

    /** Returns the outcome that the first source tells which tells one. */
    static Outcome first(List<OutcomeSource> sources, JsonNode record) throws UnusableLineException {
        for (OutcomeSource source : sources) {
            Outcome outcome = source.outcome(record);
            if (outcome != null) {
                return outcome;
            }
        }
        return Outcome.UNKNOWN;
    }

    /**
     * Reads a source of outcomes from a mapping.
     *
     * @throws IllegalArgumentException if it is none
     */
    static OutcomeSource parse(JsonNode node, String where) {
        Set<String> rules = Set.of("success", "failure", "successMatches", "failureMatches", "present", "absent");
        if (!(node instanceof ObjectNode object) || rules.stream().noneMatch(object::has)) {
            return new Word(Source.parse(node, where));
        }
        Set<String> known = new java.util.HashSet<>(rules);
        known.add("pointer");
        Json.requireOnly(object, known, where);
        return new Rules(
                Scalar.pointer(object.path("pointer"), where + ".pointer"),
                texts(object, "success", where),
                texts(object, "failure", where),
                pattern(object, "successMatches", where),
                pattern(object, "failureMatches", where),
                label(object, "present", where),
                label(object, "absent", where));
    }

    private static Set<String> texts(ObjectNode object, String name, String where) {
        return object.has(name) ? Condition.texts(object.path(name), where + "." + name) : Set.of();
    }

    private static @Nullable Pattern pattern(ObjectNode object, String name, String where) {
        return object.has(name) ? Scalar.pattern(object.path(name), where + "." + name) : null;
    }

    private static @Nullable Outcome label(ObjectNode object, String name, String where) {
        if (!object.has(name)) {
            return null;
        }
        String text = Scalar.scalar(object.path(name), where + "." + name);
        for (Outcome outcome : Outcome.values()) {
            if (outcome.label().equals(text)) {
                return outcome;
            }
        }
        throw new IllegalArgumentException(
                "expected success, failure or unknown in " + where + "." + name + ", found " + Excerpt.quoted(text));
    }
}
