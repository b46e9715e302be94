package dev.evidencevault.format;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.crypto.merkle.CompactRange;
import dev.evidencevault.crypto.merkle.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The last record of a segment: what the segment holds, in digests, so that it can be checked without a key.
 *
 * @param segment the segment's number, from 1
 * @param firstSeq the first seq in the segment
 * @param events how many events the log holds up to here
 * @param occurredFrom the earliest occurredAt in the segment; absent where it holds no event
 * @param occurredTo the latest; absent with the other
 * @param previousSeal the leaf hash of the previous segment's seal; absent in the first
 * @param fileHeader SHA-256 of the segment file's header
 * @param blocks SHA-256 of each block of the file, in order
 * @param tree the tree before this record
 * @param keys SHA-256 of the log's key file when the segment was sealed
 * @param index SHA-256 of the search index of this segment, if one was built
 */
public record Seal(
        long segment,
        long firstSeq,
        long events,
        @Nullable Long occurredFrom,
        @Nullable Long occurredTo,
        @Nullable Digest previousSeal,
        Digest fileHeader,
        List<Digest> blocks,
        CompactRange tree,
        Digest keys,
        @Nullable Digest index) {

    private static final Set<String> MEMBERS = Set.of(
            "segment",
            "firstSeq",
            "events",
            "occurredFrom",
            "occurredTo",
            "previousSeal",
            "fileHeader",
            "blocks",
            "tree",
            "keys",
            "index");

    /** Returns the seal as a record without a place. */
    public RecordBody toBody() {
        ObjectNode seal = Json.object();
        seal.put("segment", segment).put("firstSeq", firstSeq).put("events", events);
        if (occurredFrom != null && occurredTo != null) {
            seal.put("occurredFrom", Timestamps.format(occurredFrom));
            seal.put("occurredTo", Timestamps.format(occurredTo));
        }
        if (previousSeal != null) {
            seal.put("previousSeal", previousSeal.hex());
        }
        seal.put("fileHeader", fileHeader.hex());
        putDigests(seal.putArray("blocks"), blocks);
        putDigests(seal.putArray("tree"), tree.hashes());
        seal.put("keys", keys.hex());
        if (index != null) {
            seal.put("index", index.hex());
        }
        JsonLineWriter tail = new JsonLineWriter(512);
        tail.member("type", RecordKind.SEAL.label())
                .name("seal")
                .raw(Json.bytes(seal))
                .endObject();
        return new RecordBody(RecordKind.SEAL, 0, false, null, List.of(), new RecordBody.Tail(tail.toByteArray()));
    }

    /** Returns the leaf header of a seal's record. */
    public static LeafHeader header(LogId logId, long seq, long sealedAt, byte[] salt, byte[] line) {
        return new LeafHeader(
                logId,
                seq,
                sealedAt,
                sealedAt,
                RecordKind.SEAL,
                false,
                LeafHeader.Tag.NONE,
                List.of(),
                LeafHeader.commitment(salt, line));
    }

    private static void putDigests(ArrayNode array, List<Digest> digests) {
        digests.forEach(digest -> array.add(digest.hex()));
    }

    /**
     * Reads a seal from its record.
     *
     * @throws IllegalArgumentException if the record is none
     */
    public static Seal of(LogRecord record) {
        if (record.kind() != RecordKind.SEAL
                || !(record.json().path("seal") instanceof ObjectNode seal)
                || record.json().size() != 5) {
            throw new IllegalArgumentException("expected a seal");
        }
        Json.requireOnly(seal, MEMBERS, "a seal");
        boolean dated = seal.has("occurredFrom") || seal.has("occurredTo");
        if (dated
                && Timestamps.parse(Json.text(seal, "occurredFrom"))
                        > Timestamps.parse(Json.text(seal, "occurredTo"))) {
            throw new IllegalArgumentException("a seal's occurredTo is not before its occurredFrom");
        }
        return new Seal(
                Json.integer(seal, "segment"),
                Json.integer(seal, "firstSeq"),
                Json.integer(seal, "events"),
                dated ? Timestamps.parse(Json.text(seal, "occurredFrom")) : null,
                dated ? Timestamps.parse(Json.text(seal, "occurredTo")) : null,
                seal.has("previousSeal") ? Digest.parseHex(Json.text(seal, "previousSeal")) : null,
                Digest.parseHex(Json.text(seal, "fileHeader")),
                digests(seal.path("blocks")),
                CompactRange.of(0, record.seq(), digests(seal.path("tree"))),
                Digest.parseHex(Json.text(seal, "keys")),
                seal.has("index") ? Digest.parseHex(Json.text(seal, "index")) : null);
    }

    private static List<Digest> digests(JsonNode array) {
        if (!array.isArray()) {
            throw new IllegalArgumentException("expected a list of digests");
        }
        List<Digest> digests = new ArrayList<>(array.size());
        for (JsonNode digest : array) {
            if (!digest.isTextual()) {
                throw new IllegalArgumentException("expected a digest, found " + digest.getNodeType());
            }
            digests.add(Digest.parseHex(digest.textValue()));
        }
        return digests;
    }
}
