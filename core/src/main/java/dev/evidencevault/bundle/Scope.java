package dev.evidencevault.bundle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.actorindex.ActorEntry;
import dev.evidencevault.crypto.note.CheckpointKeys;
import dev.evidencevault.crypto.note.CosignatureVerifier;
import dev.evidencevault.crypto.note.NoteVerifier;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.KeyHistory;
import dev.evidencevault.format.LeafHeader.Tag;
import dev.evidencevault.format.LogId;
import dev.evidencevault.format.Seal;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Which log a bundle is from, how it shows that nothing is left out, and under which pseudonyms the order's actors and
 * services stand in its leaves. Immutable.
 *
 * @param logId the log
 * @param completeness how it is shown that nothing is left out
 * @param actors the pseudonyms of the order's actors, by their ids
 * @param services the pseudonyms of the order's services, by their names
 * @param destroyed how many leaves there are at the beginning of the log of which no header can be shown, since their records
 *     were destroyed, if some of these have something in the order's time; 0 if none have
 * @param keys the public keys of checkpoints; the current ones are also of the bundle
 */
public record Scope(
        LogId logId,
        Completeness completeness,
        Map<String, ProvenTag> actors,
        Map<String, ProvenTag> services,
        long destroyed,
        KeyHistory keys) {
    private static final String FORMAT = "evidence-vault-scope/1";
    private static final String DESTROYED = "destroyed";

    /** Copies the maps and checks that no two names share a pseudonym. */
    public Scope {
        if (destroyed < 0) {
            throw new IllegalArgumentException("expected a number of leaves, found " + destroyed);
        }
        actors = Map.copyOf(actors);
        services = Map.copyOf(services);
        Set<Tag> tags = new HashSet<>(tagsOf(actors));
        tags.addAll(tagsOf(services));
        if (tags.size() != actors.size() + services.size()) {
            throw new IllegalArgumentException("two names have the same pseudonym");
        }
        if (tags.stream().anyMatch(Tag::isReserved)) {
            throw new IllegalArgumentException("a name has a pseudonym that stands for no name");
        }
    }

    /** Returns the pseudonyms of the order's actors. */
    public Set<Tag> actorTags() {
        return tagsOf(actors);
    }

    /** Returns the pseudonyms of the order's services. */
    public Set<Tag> serviceTags() {
        return tagsOf(services);
    }

    private static Set<Tag> tagsOf(Map<String, ProvenTag> names) {
        return names.values().stream().map(ProvenTag::tag).collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Returns the tags of which the index of actors of a segment has to say what there is: the order's actors or, if it
     * names none, everything under a privilege; and gaps and changes, which are everybody's, if the seal counts any.
     */
    public SortedSet<Tag> indexed(Seal seal) {
        SortedSet<Tag> tags = new TreeSet<>(actorTags());
        if (tags.isEmpty()) {
            tags.add(ActorEntry.PRIVILEGED);
        }
        if (seal.notices() > 0) {
            tags.add(ActorEntry.NOTICES);
        }
        return tags;
    }

    /** Returns the bytes of the file. */
    public byte[] format() {
        ObjectNode json = Json.object();
        json.put("format", FORMAT).put("logId", logId.toString()).put("completeness", completeness.label());
        put(json.putObject("actors"), actors);
        put(json.putObject("services"), services);
        if (destroyed > 0) {
            json.put(DESTROYED, destroyed);
        }
        json.put("verifierKey", keys.current().verifier().format());
        CosignatureVerifier second = keys.current().postQuantum();
        if (second != null) {
            json.put("postQuantumKey", second.format());
        }
        keys.put(json);
        return Json.bytes(json);
    }

    /** Returns the key of elliptic curves. */
    public NoteVerifier verifier() {
        return keys.current().verifier();
    }

    private static void put(ObjectNode object, Map<String, ProvenTag> tags) {
        new TreeMap<>(tags).forEach((name, tag) -> tag.put(object, name));
    }

    /**
     * Parses the bytes of the file.
     *
     * @throws IllegalArgumentException if they are not spelled as {@link #format()} does
     */
    public static Scope parse(byte[] bytes) {
        ObjectNode json = Json.parseObject(bytes, "the scope");
        Json.requireOnly(
                json,
                Set.of(
                        "format",
                        "logId",
                        "completeness",
                        "actors",
                        "services",
                        DESTROYED,
                        "verifierKey",
                        "postQuantumKey",
                        KeyHistory.MEMBER),
                "the scope");
        String format = Json.text(json, "format");
        if (!format.equals(FORMAT)) {
            throw new IllegalArgumentException("expected the format " + FORMAT + ", found " + json.path("format"));
        }
        Scope scope = new Scope(
                LogId.parse(Json.text(json, "logId")),
                Completeness.ofLabel(Json.text(json, "completeness")),
                tags(json.path("actors")),
                tags(json.path("services")),
                json.has(DESTROYED) ? Json.integer(json, DESTROYED) : 0,
                KeyHistory.read(
                        new CheckpointKeys(
                                NoteVerifier.parse(Json.text(json, "verifierKey")),
                                json.has("postQuantumKey")
                                        ? CosignatureVerifier.parse(Json.text(json, "postQuantumKey"))
                                        : null),
                        json));
        if (!Arrays.equals(scope.format(), bytes)) {
            throw new IllegalArgumentException("the file is not spelled as it was written");
        }
        return scope;
    }

    private static Map<String, ProvenTag> tags(JsonNode object) {
        Map<String, ProvenTag> tags = new TreeMap<>();
        object.properties().forEach(entry -> tags.put(entry.getKey(), ProvenTag.of(entry.getValue())));
        return tags;
    }
}
