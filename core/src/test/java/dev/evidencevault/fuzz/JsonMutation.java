package dev.evidencevault.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.Timestamps;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Changes of a JSON value: of one of its parts, or of how it is spelled. */
public final class JsonMutation {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final Pattern HEX = Pattern.compile("([0-9a-f]{2}){4,}");
    private static final Pattern TIME = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z");
    private static final Pattern MEMBER = Pattern.compile("\"[A-Za-z]+\":(\"[^\"\\\\]*\"|-?[0-9]+|true|false)");
    private static final Pattern LETTER = Pattern.compile("(?<=[\":a-z0-9])[a-zA-Z0-9](?=[a-zA-Z0-9\"])");
    private static final Pattern PUNCTUATION = Pattern.compile("[\\[\\]{},:]");

    private JsonMutation() {}

    /** Changes a value; what is no JSON is changed as bytes. */
    public static byte[] mutate(Random random, byte[] bytes) {
        if (random.nextInt(5) == 0) {
            return respelled(random, bytes);
        }
        try {
            JsonNode root = Json.mapper().readTree(bytes);
            if (root.isContainerNode() && !root.isEmpty()) {
                for (int i = random.nextInt(6) == 0 ? 2 : 1; i > 0; i--) {
                    part(random, root, bytes);
                }
                return Json.bytes(root);
            }
        } catch (IOException e) {
            // It was changed before.
        }
        return ByteMutation.mutate(random, bytes, bytes);
    }

    /** The same value or nearly the same, spelled in another way. */
    private static byte[] respelled(Random random, byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        return switch (random.nextInt(8)) {
            case 6 -> changed(random, text, PUNCTUATION, mark -> mark + "[".repeat(random.nextInt(100_000)));
            case 0 -> changed(random, text, LETTER, letter -> String.format("\\u%04x", (int) letter.charAt(0)));
            case 1 -> changed(random, text, PUNCTUATION, mark -> mark + Fuzz.one(random, " ", "\t", "\r", "\u00a0"));
            case 2 -> changed(random, text, MEMBER, member -> member + "," + member);
            case 3 -> changed(random, text, MEMBER, member -> member + ",\"zz\":0");
            case 4 -> ("\ufeff" + text).getBytes(StandardCharsets.UTF_8);
            case 5 -> (text + Fuzz.one(random, " ", "\n", "{}", "\0", ",")).getBytes(StandardCharsets.UTF_8);
            default ->
                changed(
                        random,
                        text,
                        LETTER,
                        letter -> letter
                                + Fuzz.one(
                                        random,
                                        "\\ud800",
                                        "\\udc00\\ud800",
                                        "\u200b",
                                        "e\u0301",
                                        "\\u0000",
                                        "\\/",
                                        "\u2028"));
        };
    }

    /** What stands in the place of a part. */
    private interface Respelling {
        String of(String part);
    }

    private static byte[] changed(Random random, String text, Pattern pattern, Respelling respelling) {
        List<MatchResult> places = pattern.matcher(text).results().toList();
        if (places.isEmpty()) {
            return (text + " ").getBytes(StandardCharsets.UTF_8);
        }
        MatchResult place = places.get(random.nextInt(places.size()));
        return (text.substring(0, place.start()) + respelling.of(place.group()) + text.substring(place.end()))
                .getBytes(StandardCharsets.UTF_8);
    }

    private static void part(Random random, JsonNode root, byte[] whole) {
        List<JsonNode> containers = new ArrayList<>();
        collect(root, containers);
        if (containers.isEmpty()) {
            return;
        }
        JsonNode in = containers.get(random.nextInt(containers.size()));
        if (in instanceof ObjectNode object) {
            member(random, object, whole);
        } else if (in instanceof ArrayNode array) {
            element(random, array, whole);
        }
    }

    private static void collect(JsonNode node, List<JsonNode> containers) {
        if (node.isContainerNode()) {
            if (!node.isEmpty()) {
                containers.add(node);
            }
            node.forEach(child -> collect(child, containers));
        }
    }

    private static void member(Random random, ObjectNode object, byte[] whole) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        String name = names.get(random.nextInt(names.size()));
        String other = names.get(random.nextInt(names.size()));
        JsonNode value = object.get(name);
        switch (random.nextInt(12)) {
            case 0 -> object.remove(name);
            case 1 -> object.set(Fuzz.one(random, "x", "", "__proto__", name + "\0", name + "2"), value);
            case 2 -> {
                object.remove(name);
                object.set(name, value);
            }
            case 3 -> {
                object.set(name, object.get(other));
                object.set(other, value);
            }
            case 4 -> {
                object.remove(name);
                object.set(name.toUpperCase(java.util.Locale.ROOT), value);
            }
            default -> object.set(name, value(random, value, whole));
        }
    }

    private static void element(Random random, ArrayNode array, byte[] whole) {
        int at = random.nextInt(array.size());
        int other = random.nextInt(array.size());
        JsonNode value = array.get(at);
        switch (random.nextInt(8)) {
            case 0 -> array.remove(at);
            case 1 -> array.insert(at, value);
            case 2 -> {
                array.set(at, array.get(other));
                array.set(other, value);
            }
            case 3 -> array.removeAll();
            case 4 -> {
                for (int i = random.nextInt(2000); i > 0; i--) {
                    array.add(value);
                }
            }
            default -> array.set(at, value(random, value, whole));
        }
    }

    /** Returns a value in the place of another, more often than not of the same kind. */
    private static JsonNode value(Random random, JsonNode value, byte[] whole) {
        if (random.nextInt(4) > 0) {
            if (value.isIntegralNumber()) {
                return NODES.numberNode(ByteMutation.near(random, value.longValue()));
            }
            if (value.isTextual()) {
                return NODES.textNode(text(random, value.textValue()));
            }
            if (value.isBoolean()) {
                return NODES.booleanNode(!value.booleanValue());
            }
        }
        return switch (random.nextInt(14)) {
            case 0 -> NODES.nullNode();
            case 1 -> NODES.booleanNode(random.nextBoolean());
            case 2 -> NODES.numberNode(0);
            case 3 -> NODES.numberNode(BigInteger.TWO.pow(Fuzz.one(random, 31, 32, 53, 63, 64, 3000)));
            case 4 -> NODES.numberNode(new BigDecimal(Fuzz.one(random, "1.0", "1e5", "1e400", "1e999999999", "-0.0")));
            case 5 -> NODES.textNode("");
            case 6 -> NODES.textNode("a".repeat(random.nextInt(50_000)));
            case 7 -> NODES.textNode(value.asText());
            case 8 -> nested(Fuzz.one(random, 5, 150, 190, 220, 700));
            case 9 -> NODES.objectNode();
            case 10 -> NODES.arrayNode();
            case 11 -> NODES.arrayNode().add(value);
            case 12 -> NODES.textNode(new String(whole, StandardCharsets.UTF_8));
            default -> {
                ArrayNode many = NODES.arrayNode();
                for (int i = random.nextInt(5000); i > 0; i--) {
                    many.add(i);
                }
                yield many;
            }
        };
    }

    private static JsonNode nested(int depth) {
        JsonNode node = NODES.numberNode(1);
        for (int i = 0; i < depth; i++) {
            node = i % 2 == 0 ? NODES.arrayNode().add(node) : NODES.objectNode().set("d", node);
        }
        return node;
    }

    static String text(Random random, String text) {
        if (text.startsWith("{") && random.nextInt(8) > 0) {
            return new String(mutate(random, text.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
        }
        if (HEX.matcher(text).matches()) {
            return hex(random, text);
        }
        if (TIME.matcher(text).matches()) {
            return time(random, text);
        }
        return switch (random.nextInt(9)) {
            case 0 -> text + text;
            case 1 -> text.substring(0, random.nextInt(text.length() + 1));
            case 2 -> text.toUpperCase(java.util.Locale.ROOT);
            case 3 ->
                text + Fuzz.one(random, " ", "\n", "\0", "\u200b", "\ud83d\ude00", "\ud800", "=", "\u0301", "\u007f");
            case 4 -> Fuzz.one(random, " ", "\n", "\ufeff", "-", "+", "0") + text;
            case 5 -> text.replace('o', '\u043e');
            case 6 -> Fuzz.one(random, "alice", "bob", "operator", "acme", "files", "billing", "event", "gap", "seal");
            case 7 -> Fuzz.one(random, "change", "recorded", "occurred", "index", "headers", "range", "success");
            default ->
                new String(
                        ByteMutation.mutate(random, text.getBytes(StandardCharsets.UTF_8), new byte[0]),
                        StandardCharsets.UTF_8);
        };
    }

    private static String hex(Random random, String text) {
        HexFormat hex = HexFormat.of();
        byte[] bytes = hex.parseHex(text);
        return switch (random.nextInt(9)) {
            case 0 -> hex.formatHex(ByteMutation.flipped(random, bytes));
            case 1, 2 -> hex.formatHex(ByteMutation.number(random, bytes));
            case 3 -> text.substring(2);
            case 4 -> text.substring(1);
            case 5 -> text + text.substring(0, 2);
            case 6 -> text.toUpperCase(java.util.Locale.ROOT);
            case 7 -> "0".repeat(text.length());
            default -> hex.formatHex(ByteMutation.random(random, bytes.length));
        };
    }

    private static String time(Random random, String text) {
        try {
            return switch (random.nextInt(4)) {
                case 0 -> Timestamps.format(ByteMutation.near(random, Timestamps.parse(text)));
                case 1 -> text.replaceFirst("\\d{4}", Fuzz.one(random, "0000", "9999", "1677", "2262", "2027"));
                case 2 -> text.replaceFirst("\\d\\dT", Fuzz.one(random, "00T", "31T", "02T", "07T", "08T", "09T"));
                default -> text.replace("Z", Fuzz.one(random, "", "z", "+00:00", "+09:00", "0Z", "\u0660Z"));
            };
        } catch (IllegalArgumentException e) {
            return "2026-05-08T12:00:00Z";
        }
    }
}
