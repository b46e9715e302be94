package dev.evidencevault.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** How JSON is read here: UTF-8 without a byte order mark, no duplicate keys, nothing after the value, bounded depth and length (RFC 8259). */
public final class Json {
    /** The deepest nesting that is read. */
    public static final int DEPTH_MAX = 200;

    /**
     * The most brackets, member names and scalars of a value: more than a record of {@link LogRecord#LINE_BYTES_MAX} can
     * have. What is parsed takes some ten times the memory of its text, and this is what bounds it in longer texts.
     */
    static final int TOKENS_MAX = 1 << 22;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(com.fasterxml.jackson.core.JsonFactory.Feature.INTERN_FIELD_NAMES)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEPTH_MAX)
                            .maxNumberLength(1000)
                            .maxTokenCount(TOKENS_MAX)
                            .maxStringLength(64 << 20)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private Json() {}

    /** Returns the mapper, for writing and for streams. */
    public static ObjectMapper mapper() {
        return MAPPER;
    }

    /** Returns a new object node. */
    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /**
     * Parses an object.
     *
     * @param what names it in the error
     * @throws IllegalArgumentException if the bytes are not exactly one JSON object
     */
    public static ObjectNode parseObject(byte[] bytes, String what) {
        JsonNode node;
        try {
            CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            node = MAPPER.readTree(MAPPER.createParser(text.array(), text.arrayOffset(), text.remaining()));
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(what + " is not UTF-8", e);
        } catch (IOException e) {
            throw new IllegalArgumentException(what + " is not JSON: " + firstLine(e), e);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(what + " is not JSON that can be read: a number is too large", e);
        }
        if (node instanceof ObjectNode object) {
            return object;
        }
        throw new IllegalArgumentException(what + " is not a JSON object");
    }

    /** Returns how deep a value is nested: 0 for one that holds no others. */
    public static int depth(JsonNode node) {
        int deepest = 0;
        for (JsonNode child : node) {
            deepest = Math.max(deepest, depth(child));
        }
        return node.isContainerNode() ? deepest + 1 : 0;
    }

    /** Returns the first line of an exception's message: Jackson's others quote the input. */
    public static String firstLine(Exception e) {
        String message = String.valueOf(e.getMessage());
        int end = message.indexOf('\n');
        return end < 0 ? message : message.substring(0, end);
    }

    /** Returns the bytes of a value, without white space. */
    public static byte[] bytes(JsonNode node) {
        return node.toString().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Returns a text member.
     *
     * @throws IllegalArgumentException if it is absent, no text, or has half a surrogate pair, which JSON can escape and
     *     UTF-8 cannot hold
     */
    public static String text(JsonNode object, String name) {
        JsonNode value = object.path(name);
        if (!value.isTextual()) {
            throw new IllegalArgumentException("expected a text for \"" + name + "\", found "
                    + (value.isMissingNode() ? "nothing" : value.getNodeType()));
        }
        String text = value.textValue();
        if (hasHalfPair(text)) {
            throw new IllegalArgumentException(
                    "expected a text for \"" + name + "\", found half a surrogate pair in it");
        }
        return text;
    }

    /** Says whether a text has half a surrogate pair, which JSON can escape and UTF-8 cannot hold. */
    public static boolean hasHalfPair(String text) {
        int length = text.length();
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                if (Character.isLowSurrogate(c) || i + 1 == length || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    return true;
                }
                i++;
            }
        }
        return false;
    }

    /**
     * Returns an integer member.
     *
     * @throws IllegalArgumentException if it is absent, no integer, or does not fit into 64 bits
     */
    public static long integer(JsonNode object, String name) {
        JsonNode value = object.path(name);
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw new IllegalArgumentException(
                    "expected an integer for \"" + name + "\", found " + (value.isMissingNode() ? "nothing" : value));
        }
        return value.longValue();
    }

    /**
     * Returns an integer member of 32 bits.
     *
     * @throws IllegalArgumentException if it is absent, no integer, or does not fit
     */
    public static int int32(JsonNode object, String name) {
        long value = integer(object, name);
        if (value < Integer.MIN_VALUE || value > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("expected an integer of 32 bits for \"" + name + "\", found " + value);
        }
        return (int) value;
    }

    /**
     * Checks that an object has no other members than these.
     *
     * @throws IllegalArgumentException if it has
     */
    public static void requireOnly(ObjectNode object, Set<String> names, String what) {
        object.fieldNames().forEachRemaining(name -> {
            if (!names.contains(name)) {
                throw new IllegalArgumentException(
                        "unknown field \"" + name + "\" in " + what + "; known are " + new java.util.TreeSet<>(names));
            }
        });
    }
}
