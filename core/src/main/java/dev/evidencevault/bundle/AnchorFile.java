package dev.evidencevault.bundle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.anchor.Anchor;
import dev.evidencevault.anchor.AnchorProof;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.Timestamps;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** How an anchor proof is spelled in {@code proofs/anchor.json}; its note stands in a file of its own. */
public final class AnchorFile {
    private static final String FORMAT = "evidence-vault-anchor-proof/1";

    private AnchorFile() {}

    /** Returns the bytes of the file. */
    public static byte[] format(AnchorProof proof) {
        ObjectNode json = Json.object();
        Anchor.Head head = proof.head();
        json.put("format", FORMAT)
                .put("index", head.index())
                .put("time", Timestamps.format(head.time()))
                .put("superRoot", head.superRoot().hex())
                .put("entries", head.entries().hex())
                .put("slot", proof.slot())
                .put("nonce", proof.nonce().hex());
        put(json, "superPath", proof.superPath());
        put(json, "nodePath", proof.nodePath());
        return Json.bytes(json);
    }

    private static void put(ObjectNode json, String name, List<Digest> hashes) {
        var array = json.putArray(name);
        hashes.forEach(hash -> array.add(hash.hex()));
    }

    /**
     * Parses the bytes of the file.
     *
     * @throws IllegalArgumentException if they are not spelled as {@link #format} does
     */
    public static AnchorProof parse(byte[] bytes, SignedNote note) {
        ObjectNode json = Json.parseObject(bytes, "the anchor proof");
        Json.requireOnly(
                json,
                Set.of("format", "index", "time", "superRoot", "entries", "slot", "nonce", "superPath", "nodePath"),
                "the anchor proof");
        if (!Json.text(json, "format").equals(FORMAT)) {
            throw new IllegalArgumentException("expected the format " + FORMAT + ", found " + json.path("format"));
        }
        AnchorProof proof = new AnchorProof(
                new Anchor.Head(
                        Json.integer(json, "index"),
                        Timestamps.parse(Json.text(json, "time")),
                        Digest.parseHex(Json.text(json, "superRoot")),
                        Digest.parseHex(Json.text(json, "entries"))),
                Json.int32(json, "slot"),
                Digest.parseHex(Json.text(json, "nonce")),
                digests(json.path("superPath")),
                digests(json.path("nodePath")),
                note);
        if (!Arrays.equals(format(proof), bytes)) {
            throw new IllegalArgumentException("the file is not spelled as it was written");
        }
        return proof;
    }

    private static List<Digest> digests(JsonNode array) {
        List<Digest> digests = new ArrayList<>();
        array.forEach(digest -> digests.add(Digest.parseHex(digest.asText())));
        return digests;
    }
}
