package dev.evidencevault.bundle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.actorindex.ActorEntry;
import dev.evidencevault.actorindex.ActorIndexProof;
import dev.evidencevault.crypto.keys.TenantKeys;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.LogRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A line of {@code proofs/segments.jsonl}: the seal of a segment with its salt and, for a segment that has nothing in the
 * order's time, the subtrees that cover its leaves before the seal. The leaves of the other segments stand in
 * {@code proofs/leaves.jsonl}; where they are not all shown, the line has what the seal's index of actors says of those
 * that the order asks for. Together they give the whole tree.
 */
public final class SegmentLine {
    /** The longest line. */
    public static final int BYTES_MAX = 4 * LogRecord.LINE_BYTES_MAX;

    private final byte[] salt;
    private final @Nullable List<Digest> subtrees;
    private final @Nullable ActorIndexProof actors;
    private final LogRecord seal;

    private SegmentLine(
            byte[] salt, @Nullable List<Digest> subtrees, @Nullable ActorIndexProof actors, LogRecord seal) {
        this.salt = salt.clone();
        this.subtrees = subtrees;
        this.actors = actors;
        this.seal = seal;
    }

    /** Returns the line of a segment all of whose leaf headers are shown. */
    public static SegmentLine shown(byte[] salt, LogRecord seal) {
        return new SegmentLine(salt, null, null, seal);
    }

    /** Returns the line of a segment of which the leaf headers of some actors are shown. */
    public static SegmentLine indexed(byte[] salt, ActorIndexProof actors, LogRecord seal) {
        return new SegmentLine(salt, null, actors, seal);
    }

    /** Returns the line of a segment whose leaves are not shown, with the subtrees that cover them. */
    public static SegmentLine outside(byte[] salt, List<Digest> subtrees, LogRecord seal) {
        return new SegmentLine(salt, List.copyOf(subtrees), null, seal);
    }

    /** Returns a copy of the salt of the seal's commitment. */
    public byte[] salt() {
        return salt.clone();
    }

    /** Returns the subtrees, or null if the leaves are shown. */
    public @Nullable List<Digest> subtrees() {
        return subtrees;
    }

    /** Returns what the index of actors says, or null if there is nothing of it. */
    public @Nullable ActorIndexProof actors() {
        return actors;
    }

    /** Returns the seal's record. */
    public LogRecord seal() {
        return seal;
    }

    /** Returns the bytes of the line, without a line feed. */
    public byte[] format() {
        ObjectNode json = Json.object();
        json.put("salt", HexFormat.of().formatHex(salt));
        if (subtrees != null) {
            HiddenRun.putDigests(json.putArray("subtrees"), subtrees);
        }
        if (actors != null) {
            put(json.putArray("actors"), actors);
        }
        json.put("seal", new String(seal.line(), StandardCharsets.UTF_8));
        return Json.bytes(json);
    }

    /**
     * Parses a line.
     *
     * @throws IllegalArgumentException if it is not spelled as {@link #format()} does
     */
    public static SegmentLine parse(byte[] line) {
        ObjectNode json = Json.parseObject(line, "a segment");
        Json.requireOnly(json, Set.of("salt", "subtrees", "actors", "seal"), "a segment");
        byte[] salt = HexFormat.of().parseHex(Json.text(json, "salt"));
        if (salt.length != TenantKeys.SALT_BYTES) {
            throw new IllegalArgumentException("a salt has 32 bytes, found " + salt.length);
        }
        List<Digest> subtrees = json.has("subtrees") ? HiddenRun.digests(json.path("subtrees")) : null;
        ActorIndexProof actors = json.has("actors") ? actors(json.path("actors")) : null;
        LogRecord seal = LogRecord.parse(Json.text(json, "seal").getBytes(StandardCharsets.UTF_8));
        SegmentLine parsed = new SegmentLine(salt, subtrees, actors, seal);
        if (!Arrays.equals(parsed.format(), line)) {
            throw new IllegalArgumentException("the line is not spelled as it was written");
        }
        return parsed;
    }

    private static void put(ArrayNode array, ActorIndexProof actors) {
        for (ActorIndexProof.Item item : actors.items()) {
            ObjectNode object = array.addObject();
            if (item instanceof ActorIndexProof.Shown part) {
                object.put("entry", HexFormat.of().formatHex(part.entry().encode()));
            } else if (item instanceof ActorIndexProof.Hidden part) {
                new HiddenRun(part.to(), part.subtrees()).put(object);
            }
        }
    }

    private static ActorIndexProof actors(JsonNode array) {
        if (!array.isArray()) {
            throw new IllegalArgumentException("expected a list of entries of an index of actors");
        }
        List<ActorIndexProof.Item> items = new ArrayList<>();
        for (JsonNode node : array) {
            if (!(node instanceof ObjectNode object)) {
                throw new IllegalArgumentException("expected an entry of an index of actors, or a run of them");
            }
            if (object.has("entry")) {
                Json.requireOnly(object, Set.of("entry"), "an entry");
                items.add(new ActorIndexProof.Shown(
                        ActorEntry.decode(HexFormat.of().parseHex(Json.text(object, "entry")))));
            } else {
                Json.requireOnly(object, Set.of("to", "subtrees"), "a run of entries");
                HiddenRun run = HiddenRun.of(object);
                items.add(new ActorIndexProof.Hidden(run.to(), run.subtrees()));
            }
        }
        return new ActorIndexProof(items);
    }
}
