package dev.evidencevault.format;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.crypto.merkle.Digest;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/**
 * What a log holds of something that was deposited: a backup. Immutable. Format: {@code docs/formats/deposit.md}.
 *
 * @param number the item's number
 * @param name what it is called
 * @param service which service's it is
 * @param bytes how many bytes its files have together
 * @param content the digest of what is in it, and of each file in it
 * @param file SHA-256 of the item's file, which names the digests of its packs
 */
public record DepositRecord(long number, String name, String service, long bytes, Digest content, Digest file) {
    private static final Set<String> MEMBERS = Set.of("item", "name", "service", "bytes", "content", "sha256");

    /** Returns the change that stands in the log. */
    public Change toChange() {
        ObjectNode json = Json.object();
        json.put("item", number)
                .put("name", name)
                .put("service", service)
                .put("bytes", bytes)
                .put("content", content.hex())
                .put("sha256", file.hex());
        return new Change(Change.What.DEPOSIT, null, json.toString(), null);
    }

    /**
     * Reads what a change of a deposit says.
     *
     * @throws IllegalArgumentException if it says something else
     */
    public static DepositRecord of(Change change) {
        String after = change.after();
        if (change.what() != Change.What.DEPOSIT || after == null) {
            throw new IllegalArgumentException("expected a change of a deposit");
        }
        ObjectNode json = Json.parseObject(after.getBytes(StandardCharsets.UTF_8), "the record of a deposit");
        Json.requireOnly(json, MEMBERS, "the record of a deposit");
        return new DepositRecord(
                Json.integer(json, "item"),
                Json.text(json, "name"),
                Json.text(json, "service"),
                Json.integer(json, "bytes"),
                Digest.parseHex(Json.text(json, "content")),
                Digest.parseHex(Json.text(json, "sha256")));
    }

    /** Reads what a record says, if it is one of a deposit. What says something else under that name is none. */
    public static Optional<DepositRecord> find(LogRecord record) {
        if (record.kind() != RecordKind.CHANGE) {
            return Optional.empty();
        }
        try {
            Change change = Change.of(record);
            return change.what() == Change.What.DEPOSIT ? Optional.of(of(change)) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
