package dev.evidencevault.importer;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.format.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where a field's text comes from. The grammar is in the package's description. */
sealed interface Source {
    /** Returns the text, or null if the record does not have it. */
    @Nullable
    String text(JsonNode record) throws UnusableLineException;

    /** A value of the mapping. */
    record Constant(String value) implements Source {
        @Override
        public String text(JsonNode record) {
            return value;
        }
    }

    /** A value of the record, under conditions. */
    record At(
            JsonPointer pointer,
            Set<String> unless,
            @Nullable Pattern matches,
            @Nullable String value) implements Source {
        @Override
        public @Nullable String text(JsonNode record) throws UnusableLineException {
            String text = Scalar.text(record.at(pointer));
            if (text == null || unless.contains(text)) {
                return null;
            }
            if (matches == null) {
                return text;
            }
            Matcher found = Scalar.find(matches, text);
            if (found == null) {
                return null;
            }
            String part = value != null ? value : found.groupCount() == 0 ? text : found.group(1);
            return part == null || part.isEmpty() || unless.contains(part) ? null : part;
        }
    }

    /** Several values of the record, all of which have to be there. */
    record Join(List<JsonPointer> parts, String with) implements Source {
        @Override
        public @Nullable String text(JsonNode record) {
            StringBuilder joined = new StringBuilder();
            for (JsonPointer part : parts) {
                String text = Scalar.text(record.at(part));
                if (text == null) {
                    return null;
                }
                joined.append(joined.isEmpty() ? "" : with).append(text);
            }
            return joined.toString();
        }
    }

    /** Returns the text of the first source that has one. */
    static @Nullable String first(List<Source> sources, JsonNode record) throws UnusableLineException {
        for (Source source : sources) {
            String text = source.text(record);
            if (text != null) {
                return text;
            }
        }
        return null;
    }

    /**
     * Reads a source from a mapping.
     *
     * @throws IllegalArgumentException if it is none
     */
    static Source parse(JsonNode node, String where) {
        if (node.isTextual()) {
            return new At(Scalar.pointer(node, where), Set.of(), null, null);
        }
        if (!(node instanceof ObjectNode object)) {
            throw new IllegalArgumentException(
                    "expected a JSON pointer or an object in " + where + ", found " + Scalar.describe(node));
        }
        if (object.has("join")) {
            Json.requireOnly(object, Set.of("join", "with"), where);
            List<JsonPointer> parts = new ArrayList<>();
            for (JsonNode part : array(object.path("join"), where + ".join")) {
                parts.add(Scalar.pointer(part, where + ".join"));
            }
            JsonNode with = object.path("with");
            if (!with.isMissingNode() && !with.isTextual()) {
                throw new IllegalArgumentException(
                        "expected a text in " + where + ".with, found " + Scalar.describe(with));
            }
            return new Join(List.copyOf(parts), with.asText());
        }
        if (object.has("pointer")) {
            Json.requireOnly(object, Set.of("pointer", "unless", "matches", "value"), where);
            JsonPointer pointer = Scalar.pointer(object.path("pointer"), where + ".pointer");
            Set<String> unless =
                    object.has("unless") ? Condition.texts(object.path("unless"), where + ".unless") : Set.of();
            if (!object.has("matches")) {
                if (object.has("value")) {
                    throw new IllegalArgumentException(
                            "expected \"matches\" beside \"pointer\" and \"value\" in " + where + ", found nothing");
                }
                return new At(pointer, unless, null, null);
            }
            return new At(
                    pointer,
                    unless,
                    Scalar.pattern(object.path("matches"), where + ".matches"),
                    object.has("value") ? Scalar.scalar(object.path("value"), where + ".value") : null);
        }
        Json.requireOnly(object, Set.of("value"), where);
        return new Constant(Scalar.scalar(object.path("value"), where + ".value"));
    }

    /** Returns an array that is not empty. */
    static JsonNode array(JsonNode node, String where) {
        if (!node.isArray() || node.isEmpty()) {
            throw new IllegalArgumentException(
                    "expected an array that is not empty in " + where + ", found " + Scalar.describe(node));
        }
        return node;
    }
}
