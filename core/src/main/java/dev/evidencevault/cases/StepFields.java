package dev.evidencevault.cases;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.Timestamps;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The members of a step's body, read one by one. What is read is written again and compared byte for byte by whoever reads
 * the step, so that an unknown member, another order or another spelling is found there.
 */
final class StepFields {
    private static final int TEXT_CHARS_MAX = 1000;

    private final ObjectNode json;

    StepFields(ObjectNode json) {
        this.json = json;
    }

    static void requireText(String text, String name) {
        if (text.isBlank()
                || text.length() > TEXT_CHARS_MAX
                || text.codePoints().anyMatch(c -> Character.isISOControl(c) || c >= 0xD800 && c <= 0xDFFF)) {
            throw new IllegalArgumentException(
                    "expected 1 to " + TEXT_CHARS_MAX + " characters without control characters for \"" + name + "\"");
        }
    }

    String text(String name) {
        String text = Json.text(json, name);
        requireText(text, name);
        return text;
    }

    @Nullable
    String optionalText(String name) {
        return json.has(name) ? text(name) : null;
    }

    /** Returns a text of any length and any characters. */
    String anyText(String name) {
        return Json.text(json, name);
    }

    long time(String name) {
        return Timestamps.parse(Json.text(json, name));
    }

    @Nullable
    Long optionalTime(String name) {
        return json.has(name) ? time(name) : null;
    }

    Digest digest(String name) {
        return Digest.parseHex(Json.text(json, name));
    }

    @Nullable
    Digest optionalDigest(String name) {
        return json.has(name) ? digest(name) : null;
    }

    long count(String name) {
        long count = Json.integer(json, name);
        if (count < 0) {
            throw new IllegalArgumentException("expected a number from 0 for \"" + name + "\", found " + count);
        }
        return count;
    }

    /** Returns a list of numbers from 0; empty if the member is absent, which it is if there are none. */
    List<Long> counts(String name) {
        if (!json.has(name)) {
            return List.of();
        }
        List<Long> counts = new ArrayList<>();
        for (JsonNode entry : json.path(name)) {
            if (!entry.isIntegralNumber() || !entry.canConvertToLong()) {
                throw new IllegalArgumentException("expected a list of numbers for \"" + name + "\"");
            }
            counts.add(entry.longValue());
        }
        return List.copyOf(counts);
    }

    boolean flag(String name) {
        JsonNode value = json.path(name);
        if (!value.isBoolean()) {
            throw new IllegalArgumentException("expected true or false for \"" + name + "\"");
        }
        return value.booleanValue();
    }

    List<String> texts(String name) {
        if (!(json.path(name) instanceof ArrayNode list) || list.size() > TEXT_CHARS_MAX) {
            throw new IllegalArgumentException("expected a list for \"" + name + "\"");
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode entry : list) {
            if (!entry.isTextual()) {
                throw new IllegalArgumentException("expected a list of texts for \"" + name + "\"");
            }
            requireText(entry.textValue(), name);
            texts.add(entry.textValue());
        }
        return List.copyOf(texts);
    }
}
