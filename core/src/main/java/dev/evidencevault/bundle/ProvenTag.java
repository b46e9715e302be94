package dev.evidencevault.bundle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.crypto.vrf.VrfProof;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.LeafHeader.Tag;
import java.util.Set;

/**
 * The pseudonym of a name and the proof that it is the only one that the name has in the log.
 *
 * @param tag the pseudonym
 * @param proof verifies under the key that the log's seals name
 */
public record ProvenTag(Tag tag, VrfProof proof) {
    void put(ObjectNode object, String name) {
        object.putObject(name).put("tag", tag.toString()).put("proof", proof.hex());
    }

    static ProvenTag of(JsonNode node) {
        if (!(node instanceof ObjectNode object)) {
            throw new IllegalArgumentException("expected a pseudonym and its proof");
        }
        Json.requireOnly(object, Set.of("tag", "proof"), "a pseudonym");
        return new ProvenTag(Tag.parse(Json.text(object, "tag")), VrfProof.parse(Json.text(object, "proof")));
    }
}
