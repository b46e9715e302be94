package dev.evidencevault.format;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.crypto.merkle.Digest;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a record of a rotation says of a log's keys before it, or after it. Immutable.
 *
 * @param epoch how often they were rotated
 * @param keys SHA-256 of their file
 * @param source what wraps them: {@code vault}, or the name of the tenant's own key
 * @param destroyed what they do not open since older keys are not among them; null if they open all of the log
 */
public record RotatedKeys(
        int epoch, Digest keys, String source, @Nullable DestroyedRecords destroyed) {
    /** The source of keys that the vault's key wraps. */
    public static final String VAULT = "vault";

    private static final Set<String> MEMBERS = Set.of("epoch", "keys", "source", DestroyedRecords.MEMBER);

    /** Returns the text that stands in the record. */
    public String format() {
        ObjectNode json =
                Json.object().put("epoch", epoch).put("keys", keys.hex()).put("source", source);
        if (destroyed != null) {
            destroyed.put(json);
        }
        return new String(Json.bytes(json), StandardCharsets.UTF_8);
    }

    /** Reads what a change says of the keys before it; empty if it is no rotation of a log's keys. */
    public static Optional<RotatedKeys> before(Change change) {
        return of(change, change.before());
    }

    /** Reads what a change says of the keys after it; empty if it is no rotation of a log's keys. */
    public static Optional<RotatedKeys> after(Change change) {
        return of(change, change.after());
    }

    private static Optional<RotatedKeys> of(Change change, @Nullable String text) {
        if (change.what() != Change.What.ROTATION || text == null) {
            return Optional.empty();
        }
        try {
            ObjectNode json = Json.parseObject(text.getBytes(StandardCharsets.UTF_8), "a rotation");
            Json.requireOnly(json, MEMBERS, "a rotation");
            return Optional.of(new RotatedKeys(
                    Json.int32(json, "epoch"),
                    Digest.parseHex(Json.text(json, "keys")),
                    Json.text(json, "source"),
                    json.has(DestroyedRecords.MEMBER)
                            ? DestroyedRecords.of(json.path(DestroyedRecords.MEMBER))
                            : null));
        } catch (IllegalArgumentException e) {
            // An application may record a rotation of its own keys in its own words.
            return Optional.empty();
        }
    }
}
