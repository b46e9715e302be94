package dev.evidencevault.bundle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.crypto.merkle.CompactRange;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.Json;
import java.util.ArrayList;
import java.util.List;

/**
 * A run of leaves of which nothing is shown but the subtrees that cover it. Immutable.
 *
 * @param to the index after its last leaf; its first is where what stands before it ends
 * @param subtrees the compact range of the leaves
 */
public record HiddenRun(long to, List<Digest> subtrees) {
    /** No run is covered by more. */
    static final int SUBTREES_MAX = 128;

    /** Copies the list and checks its bound. */
    public HiddenRun {
        subtrees = List.copyOf(subtrees);
        if (subtrees.isEmpty() || subtrees.size() > SUBTREES_MAX) {
            throw new IllegalArgumentException("a run is covered by 1 to " + SUBTREES_MAX + " subtrees");
        }
    }

    /** Returns the run of these leaves. */
    public static HiddenRun of(CompactRange leaves) {
        return new HiddenRun(leaves.to(), leaves.hashes());
    }

    /**
     * Adds the run to a tree that ends where the run begins.
     *
     * @throws IllegalArgumentException if it has not as many subtrees as its leaves ask for
     */
    public void appendTo(CompactRange tree) {
        tree.append(CompactRange.of(tree.to(), to, subtrees));
    }

    void put(ObjectNode object) {
        putDigests(object.put("to", to).putArray("subtrees"), subtrees);
    }

    static HiddenRun of(ObjectNode object) {
        return new HiddenRun(Json.integer(object, "to"), digests(object.path("subtrees")));
    }

    static void putDigests(ArrayNode array, List<Digest> digests) {
        digests.forEach(digest -> array.add(digest.hex()));
    }

    static List<Digest> digests(JsonNode array) {
        if (!array.isArray() || array.size() > SUBTREES_MAX) {
            throw new IllegalArgumentException("expected a list of at most " + SUBTREES_MAX + " digests");
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
