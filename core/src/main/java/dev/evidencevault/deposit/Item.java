package dev.evidencevault.deposit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.Timestamps;
import java.util.Arrays;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Something that was deposited at once, as the catalogue has it. Immutable.
 *
 * @param kind which kind of set it belongs to
 * @param number its number in the set, from 1
 * @param deposit what was said of it
 * @param type what it is
 * @param takenAt when it was begun to be read, by the clock of the machine, in nanoseconds since 1970
 * @param bytes how many bytes its files have together
 * @param entries how many files, directories and links it has
 * @param content SHA-256 of the list of its entries and chunks, which names the digest of every file's content
 */
public record Item(
        DepositKind kind,
        long number,
        Deposit deposit,
        Type type,
        long takenAt,
        long bytes,
        long entries,
        Digest content) {
    private static final String FORMAT = "evidence-vault-deposit/1";

    private static final Set<String> MEMBERS = Set.of(
            "format", "kind", "number", "name", "service", "type", "takenAt", "bytes", "entries", "labels", "content");

    /** What an item is. */
    public enum Type {
        /** A file. */
        FILE("file"),
        /** A directory with what is in it. */
        DIRECTORY("directory"),
        /** Bytes that came from somewhere else. */
        STREAM("stream");

        private final String label;

        Type(String label) {
            this.label = label;
        }

        /** Returns the word in items and on the command line. */
        public String label() {
            return label;
        }
    }

    /** Returns the name. */
    public String name() {
        return deposit.name();
    }

    /** Returns the service. */
    public String service() {
        return deposit.service();
    }

    /** Returns the item as a JSON object, in the one spelling of the format. */
    public ObjectNode toJson() {
        ObjectNode json = Json.object();
        json.put("format", FORMAT)
                .put("kind", kind.label())
                .put("number", number)
                .put("name", name())
                .put("service", service())
                .put("type", type.label())
                .put("takenAt", Timestamps.format(takenAt))
                .put("bytes", bytes)
                .put("entries", entries);
        ObjectNode labels = json.putObject("labels");
        deposit.labels().forEach(labels::put);
        return json.put("content", content.hex());
    }

    /**
     * Reads an item.
     *
     * @throws IllegalArgumentException if the bytes are none, or are spelled otherwise
     */
    static Item parse(byte[] bytes) {
        ObjectNode json = Json.parseObject(bytes, "an item");
        Json.requireOnly(json, MEMBERS, "an item");
        if (!Json.text(json, "format").equals(FORMAT)) {
            throw new IllegalArgumentException("expected the format " + FORMAT + ", found " + json.path("format"));
        }
        SortedMap<String, String> labels = new TreeMap<>();
        if (!(json.path("labels") instanceof ObjectNode given)) {
            throw new IllegalArgumentException("expected an object of labels");
        }
        given.fieldNames().forEachRemaining(label -> labels.put(label, Json.text(given, label)));
        Item item = new Item(
                find(DepositKind.values(), Json.text(json, "kind"), DepositKind::label),
                Json.integer(json, "number"),
                new Deposit(Json.text(json, "name"), Json.text(json, "service"), labels),
                find(Type.values(), Json.text(json, "type"), Type::label),
                Timestamps.parse(Json.text(json, "takenAt")),
                Json.integer(json, "bytes"),
                Json.integer(json, "entries"),
                Digest.parseHex(Json.text(json, "content")));
        if (!Arrays.equals(bytes, Json.bytes(item.toJson()))) {
            throw new IllegalArgumentException("the item is not spelled as it was written");
        }
        return item;
    }

    private static <T> T find(T[] values, String label, java.util.function.Function<T, String> labelOf) {
        return Arrays.stream(values)
                .filter(value -> labelOf.apply(value).equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown word \"" + label + "\" in an item"));
    }
}
