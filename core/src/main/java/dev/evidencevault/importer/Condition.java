package dev.evidencevault.importer;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.format.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What makes the actor of a record privileged. The grammar is in the package's description. */
sealed interface Condition {
    /** Says whether it holds. */
    boolean holds(JsonNode record) throws UnusableLineException;

    /** A value, or one of the values of an array, is one of some texts or holds a match. */
    record At(JsonPointer pointer, Set<String> in, @Nullable Pattern matches) implements Condition {
        @Override
        public boolean holds(JsonNode record) throws UnusableLineException {
            JsonNode found = record.at(pointer);
            if (!found.isArray()) {
                return holdsFor(found);
            }
            for (JsonNode element : found) {
                if (holdsFor(element)) {
                    return true;
                }
            }
            return false;
        }

        private boolean holdsFor(JsonNode node) throws UnusableLineException {
            String text = Scalar.text(node);
            return text != null && (matches == null ? in.contains(text) : Scalar.find(matches, text) != null);
        }
    }

    /** Several conditions at once. */
    record All(List<Condition> conditions) implements Condition {
        @Override
        public boolean holds(JsonNode record) throws UnusableLineException {
            for (Condition condition : conditions) {
                if (!condition.holds(record)) {
                    return false;
                }
            }
            return true;
        }
    }

    /** Says whether one of several holds. */
    static boolean any(List<Condition> conditions, JsonNode record) throws UnusableLineException {
        for (Condition condition : conditions) {
            if (condition.holds(record)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Reads a condition from a mapping.
     *
     * @throws IllegalArgumentException if it is none
     */
    static Condition parse(JsonNode node, String where) {
        if (!(node instanceof ObjectNode object)) {
            throw new IllegalArgumentException("expected an object in " + where + ", found " + Scalar.describe(node));
        }
        if (object.has("all")) {
            Json.requireOnly(object, Set.of("all"), where);
            return new All(parseAll(Source.array(object.path("all"), where + ".all"), where + ".all"));
        }
        Json.requireOnly(object, Set.of("pointer", "equals", "in", "matches"), where);
        if (object.size() != 2 || !object.has("pointer")) {
            throw new IllegalArgumentException(
                    "expected \"pointer\" and one of \"equals\", \"in\", \"matches\" in " + where + ", found "
                            + object.properties().stream()
                                    .map(member -> '"' + member.getKey() + '"')
                                    .toList());
        }
        JsonPointer pointer = Scalar.pointer(object.path("pointer"), where + ".pointer");
        if (object.has("matches")) {
            return new At(pointer, Set.of(), Scalar.pattern(object.path("matches"), where + ".matches"));
        }
        Set<String> in = object.has("in")
                ? texts(object.path("in"), where + ".in")
                : Set.of(Scalar.scalar(object.path("equals"), where + ".equals"));
        return new At(pointer, in, null);
    }

    /** Reads several conditions. */
    static List<Condition> parseAll(JsonNode array, String where) {
        List<Condition> conditions = new ArrayList<>();
        for (JsonNode element : array) {
            conditions.add(parse(element, where + "[" + conditions.size() + "]"));
        }
        return List.copyOf(conditions);
    }

    /** Reads an array of texts, numbers and booleans. */
    static Set<String> texts(JsonNode array, String where) {
        Set<String> texts = new HashSet<>();
        for (JsonNode element : Source.array(array, where)) {
            texts.add(Scalar.scalar(element, where));
        }
        return Set.copyOf(texts);
    }
}
