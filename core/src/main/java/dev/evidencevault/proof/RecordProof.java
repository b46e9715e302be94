package dev.evidencevault.proof;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.anchor.AnchorProof;
import dev.evidencevault.bundle.AnchorFile;
import dev.evidencevault.bundle.LeafLine;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.note.Checkpoint;
import dev.evidencevault.crypto.note.CheckpointKeys;
import dev.evidencevault.crypto.note.CosignatureVerifier;
import dev.evidencevault.crypto.note.NoteVerifier;
import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.KeyHistory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * One record, and the way from it to a signed checkpoint of the vault, in one file. Format:
 * {@code docs/formats/record-proof.md}.
 *
 * @param line the record's line, as text
 * @param leaf its leaf header and salt
 * @param path the way from its leaf to the root of the log's tree, bottom up
 * @param head the head of the log
 * @param anchor the way from there to the node's checkpoint
 * @param keys the vault's public keys, by the word of who made the proof
 */
public record RecordProof(
        String line, LeafLine leaf, List<Digest> path, Checkpoint head, AnchorProof anchor, KeyHistory keys) {
    /** The longest file, in bytes: a line of 4 MiB, whose characters may have to be escaped, and some kilobytes. */
    public static final int BYTES_MAX = 32 << 20;

    private static final String FORMAT = "evidence-vault-record-proof/1";
    private static final int PATH_MAX = 63;
    private static final Set<String> MEMBERS = Set.of(
            "format",
            "line",
            "leaf",
            "path",
            "checkpoint",
            "anchor",
            "note",
            "verifierKey",
            "postQuantumKey",
            KeyHistory.MEMBER);

    /** Copies the path. */
    public RecordProof {
        path = List.copyOf(path);
    }

    /** Returns the bytes of the file. */
    public byte[] format() {
        ObjectNode json = Json.object();
        json.put("format", FORMAT).put("line", line);
        json.set("leaf", Json.parseObject(leaf.format(), "a leaf"));
        ArrayNode hashes = json.putArray("path");
        path.forEach(hash -> hashes.add(hash.hex()));
        json.put("checkpoint", head.format());
        json.set("anchor", Json.parseObject(AnchorFile.format(anchor), "the anchor proof"));
        json.put("note", new String(anchor.note().format(), StandardCharsets.UTF_8))
                .put("verifierKey", keys.current().verifier().format());
        CosignatureVerifier second = keys.current().postQuantum();
        if (second != null) {
            json.put("postQuantumKey", second.format());
        }
        keys.put(json);
        return Json.bytes(json);
    }

    /**
     * Parses the bytes of a file. Nothing has been proven by that.
     *
     * @throws IllegalArgumentException if they are not spelled as {@link #format} does
     */
    public static RecordProof parse(byte[] bytes) {
        if (bytes.length > BYTES_MAX) {
            throw new IllegalArgumentException("a record proof has at most 32 MiB, found " + bytes.length + " bytes");
        }
        ObjectNode json = Json.parseObject(bytes, "the record proof");
        Json.requireOnly(json, MEMBERS, "the record proof");
        if (!Json.text(json, "format").equals(FORMAT)) {
            throw new IllegalArgumentException("expected the format " + FORMAT + ", found " + json.path("format"));
        }
        if (json.path("path").size() > PATH_MAX) {
            throw new IllegalArgumentException("a path has at most " + PATH_MAX + " hashes");
        }
        List<Digest> path = new ArrayList<>();
        json.path("path").forEach(hash -> path.add(Digest.parseHex(hash.asText())));
        SignedNote note = SignedNote.parse(Json.text(json, "note").getBytes(StandardCharsets.UTF_8));
        RecordProof proof = new RecordProof(
                Json.text(json, "line"),
                LeafLine.parse(Json.bytes(json.path("leaf"))),
                path,
                Checkpoint.parse(Json.text(json, "checkpoint")),
                AnchorFile.parse(Json.bytes(json.path("anchor")), note),
                KeyHistory.read(
                        new CheckpointKeys(
                                NoteVerifier.parse(Json.text(json, "verifierKey")),
                                json.has("postQuantumKey")
                                        ? CosignatureVerifier.parse(Json.text(json, "postQuantumKey"))
                                        : null),
                        json));
        if (!Arrays.equals(proof.format(), bytes)) {
            throw new IllegalArgumentException("the file is not spelled as it was written");
        }
        return proof;
    }
}
