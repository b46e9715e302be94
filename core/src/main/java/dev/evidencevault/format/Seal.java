package dev.evidencevault.format;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.crypto.merkle.CompactRange;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.merkle.Rfc6962;
import dev.evidencevault.crypto.merkle.TreeHead;
import dev.evidencevault.crypto.vrf.VrfPublicKey;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The last record of a segment: what the segment holds, in digests, so that it can be checked without a key.
 *
 * @param segment the segment's number, from 1
 * @param firstSeq the first seq in the segment
 * @param events how many events the log holds up to here
 * @param notices how many of the segment's records tell of the log: gaps and changes
 * @param occurredFrom the earliest occurredAt in the segment
 * @param occurredTo the latest
 * @param previousSeal the leaf hash of the previous segment's seal; absent in the first
 * @param fileHeader SHA-256 of the segment file's header
 * @param blocks the root over the digests of the file's blocks
 * @param tree the root of the log's tree before this record
 * @param actors the index of the segment's actors
 * @param tagKey the key under which the log's pseudonyms are proven
 * @param keys SHA-256 of the log's key file when the segment was sealed
 * @param searchIndex SHA-256 of the search index of this segment, if one was built
 */
public record Seal(
        long segment,
        long firstSeq,
        long events,
        long notices,
        long occurredFrom,
        long occurredTo,
        @Nullable Digest previousSeal,
        Digest fileHeader,
        Digest blocks,
        Digest tree,
        TreeHead actors,
        VrfPublicKey tagKey,
        Digest keys,
        @Nullable Digest searchIndex) {

    /** The most entries of an index of actors, which is one block of a segment. */
    private static final long ACTORS_MAX = 1 << 18;

    private static final Set<String> MEMBERS = Set.of(
            "segment",
            "firstSeq",
            "events",
            "notices",
            "occurredFrom",
            "occurredTo",
            "previousSeal",
            "fileHeader",
            "blocks",
            "tree",
            "actors",
            "tagKey",
            "keys",
            "searchIndex");

    /** Returns the seal as a record without a place. */
    public RecordBody toBody() {
        ObjectNode seal = Json.object();
        seal.put("segment", segment).put("firstSeq", firstSeq).put("events", events);
        if (notices > 0) {
            seal.put("notices", notices);
        }
        seal.put("occurredFrom", Timestamps.format(occurredFrom));
        seal.put("occurredTo", Timestamps.format(occurredTo));
        if (previousSeal != null) {
            seal.put("previousSeal", previousSeal.hex());
        }
        seal.put("fileHeader", fileHeader.hex());
        seal.put("blocks", blocks.hex()).put("tree", tree.hex());
        seal.putObject("actors")
                .put("size", actors.size())
                .put("root", actors.root().hex());
        seal.put("tagKey", tagKey.hex()).put("keys", keys.hex());
        if (searchIndex != null) {
            seal.put("searchIndex", searchIndex.hex());
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

    /** Returns the root over the digests of a segment file's blocks: that of the RFC 6962 tree whose entries they are. */
    public static Digest rootOfBlocks(List<Digest> blocks) {
        CompactRange tree = new CompactRange();
        blocks.forEach(block -> tree.append(Rfc6962.leaf(block.bytes())));
        return tree.root();
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
        long from = Timestamps.parse(Json.text(seal, "occurredFrom"));
        long to = Timestamps.parse(Json.text(seal, "occurredTo"));
        if (from > to) {
            throw new IllegalArgumentException("a seal's occurredTo is not before its occurredFrom");
        }
        if (!(seal.path("actors") instanceof ObjectNode actors)) {
            throw new IllegalArgumentException("a seal has \"actors\"");
        }
        Json.requireOnly(actors, Set.of("size", "root"), "the actors of a seal");
        if (seal.has("notices") && Json.integer(seal, "notices") == 0) {
            throw new IllegalArgumentException("a seal does not say that there are no notices");
        }
        if (Json.integer(actors, "size") > ACTORS_MAX) {
            throw new IllegalArgumentException("an index of actors has at most " + ACTORS_MAX + " entries");
        }
        return new Seal(
                Json.integer(seal, "segment"),
                Json.integer(seal, "firstSeq"),
                Json.integer(seal, "events"),
                seal.has("notices") ? Json.integer(seal, "notices") : 0,
                from,
                to,
                seal.has("previousSeal") ? Digest.parseHex(Json.text(seal, "previousSeal")) : null,
                Digest.parseHex(Json.text(seal, "fileHeader")),
                Digest.parseHex(Json.text(seal, "blocks")),
                Digest.parseHex(Json.text(seal, "tree")),
                new TreeHead(Json.integer(actors, "size"), Digest.parseHex(Json.text(actors, "root"))),
                VrfPublicKey.parse(Json.text(seal, "tagKey")),
                Digest.parseHex(Json.text(seal, "keys")),
                seal.has("searchIndex") ? Digest.parseHex(Json.text(seal, "searchIndex")) : null);
    }
}
