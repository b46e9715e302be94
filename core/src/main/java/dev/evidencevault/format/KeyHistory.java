package dev.evidencevault.format;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.crypto.note.CheckpointKeys;
import dev.evidencevault.crypto.note.NoteVerifier;
import dev.evidencevault.crypto.note.SignedNote;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The signing keys of a vault, one after the other, and which checkpoints each of them signs. Every key vouches for the one
 * before it and the one after it, so that it is enough to know one of them. Immutable.
 */
public final class KeyHistory {
    /** The member of JSON files that holds the successions, if there are any. */
    public static final String MEMBER = "successions";

    private static final String FORMAT = "evidence-vault-successions/1";

    private final CheckpointKeys current;
    private final List<Succession> successions;

    private KeyHistory(CheckpointKeys current, List<Succession> successions) {
        this.current = current;
        this.successions = List.copyOf(successions);
        requireChain();
    }

    /** Returns the history of a vault that has had one set of keys. */
    public static KeyHistory of(CheckpointKeys keys) {
        return new KeyHistory(keys, List.of());
    }

    /**
     * Returns the history that begins with some keys.
     *
     * @throws IllegalArgumentException if the successions do not follow one another, or not on these keys
     */
    public static KeyHistory from(CheckpointKeys first, List<Succession> successions) {
        if (successions.isEmpty()) {
            return of(first);
        }
        if (!successions.get(0).before().equals(first)) {
            throw new IllegalArgumentException("the first succession does not begin with the vault's first keys");
        }
        return new KeyHistory(successions.get(successions.size() - 1).after(), successions);
    }

    /**
     * Returns the history that ends with some keys.
     *
     * @throws IllegalArgumentException if the successions do not follow one another, or do not end with these keys
     */
    public static KeyHistory upTo(CheckpointKeys current, List<Succession> successions) {
        return new KeyHistory(current, successions);
    }

    private void requireChain() {
        CheckpointKeys last = first();
        long size = 0;
        Set<Object> known = new HashSet<>(Set.of(last.verifier()));
        for (int i = 0; i < successions.size(); i++) {
            Succession next = successions.get(i);
            if (next.number() != i + 1) {
                throw new IllegalArgumentException("expected succession " + (i + 1) + ", found " + next.number());
            }
            if (!next.before().equals(last)) {
                throw new IllegalArgumentException(
                        "succession " + next.number() + " does not begin with the keys that were the vault's then");
            }
            if (next.head().size() <= size) {
                throw new IllegalArgumentException("succession " + next.number() + " is at size "
                        + next.head().size() + ", the one before it at " + size);
            }
            if (!known.add(next.after().verifier())) {
                throw new IllegalArgumentException("succession " + next.number() + " brings back a key");
            }
            last = next.after();
            size = next.head().size();
        }
        if (!last.equals(current)) {
            throw new IllegalArgumentException("the last succession does not end with "
                    + current.verifier().format());
        }
    }

    /** Returns the keys that sign now. */
    public CheckpointKeys current() {
        return current;
    }

    /** Returns the keys that signed first. */
    public CheckpointKeys first() {
        return successions.isEmpty() ? current : successions.get(0).before();
    }

    /** Returns the name of all of the keys, which is the origin of the vault's checkpoints. */
    public String name() {
        return current.verifier().name();
    }

    /** Returns the hand-overs, the first one first. */
    public List<Succession> successions() {
        return successions;
    }

    /** Returns the keys that sign the checkpoint of a size of the node's log, and no other does. */
    public CheckpointKeys at(long size) {
        for (Succession succession : successions) {
            if (size <= succession.head().size()) {
                return succession.before();
            }
        }
        return current;
    }

    /** Says whether a key is the first of one of the vault's. */
    public boolean knows(NoteVerifier key) {
        return place(key) >= 0;
    }

    private int place(NoteVerifier key) {
        if (key.equals(current.verifier())) {
            return successions.size();
        }
        for (int i = 0; i < successions.size(); i++) {
            if (key.equals(successions.get(i).before().verifier())) {
                return i;
            }
        }
        return -1;
    }

    /**
     * Finds which of the vault's keys signed a text that has no place in the node's log.
     *
     * @param from the keys before this place do not count
     * @return its place, from 0, or empty if none of them did
     */
    public Optional<Integer> signerOf(SignedNote note, int from) {
        for (int i = from; i <= successions.size(); i++) {
            CheckpointKeys keys =
                    i == successions.size() ? current : successions.get(i).before();
            if (keys.verifier().verifies(note)) {
                return Optional.of(i);
            }
        }
        return Optional.empty();
    }

    /**
     * Returns the longer of this and another history if it is one history; empty if they contradict each other or have
     * nothing in common.
     */
    public Optional<KeyHistory> joined(KeyHistory other) {
        boolean isShorter = successions.size() < other.successions.size();
        KeyHistory longer = isShorter ? other : this;
        KeyHistory shorter = isShorter ? this : other;
        int common = shorter.successions.size();
        boolean same = longer.successions.subList(0, common).equals(shorter.successions)
                && (common == longer.successions.size()
                                ? longer.current
                                : longer.successions.get(common).before())
                        .equals(shorter.current);
        return same ? Optional.of(longer) : Optional.empty();
    }

    /** Puts the successions into a JSON file as its last member, if there are any. */
    public void put(ObjectNode json) {
        if (!successions.isEmpty()) {
            ArrayNode notes = json.putArray(MEMBER);
            successions.forEach(
                    succession -> notes.add(new String(succession.note().format(), StandardCharsets.UTF_8)));
        }
    }

    /**
     * Reads the member of a JSON file that ends with some keys.
     *
     * @throws IllegalArgumentException if it is malformed, or no history of these keys
     */
    public static KeyHistory read(CheckpointKeys current, JsonNode json) {
        return upTo(current, parse(json.path(MEMBER)));
    }

    /** Reads the member of a JSON file that names the first one of the current keys only. */
    public static KeyHistory read(NoteVerifier current, JsonNode json) {
        List<Succession> successions = parse(json.path(MEMBER));
        CheckpointKeys last = successions.isEmpty()
                ? CheckpointKeys.of(current)
                : successions.get(successions.size() - 1).after();
        if (!last.verifier().equals(current)) {
            throw new IllegalArgumentException("the last succession does not end with " + current.format());
        }
        return upTo(last, successions);
    }

    /**
     * Reads a file of successions, as {@link #format} writes it.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static KeyHistory parse(byte[] file) {
        ObjectNode json = Json.parseObject(file, "the successions");
        Json.requireOnly(json, Set.of("format", MEMBER), "the successions");
        if (!Json.text(json, "format").equals(FORMAT)) {
            throw new IllegalArgumentException("expected the format " + FORMAT + ", found " + json.path("format"));
        }
        List<Succession> successions = parse(json.path(MEMBER));
        if (successions.isEmpty()) {
            throw new IllegalArgumentException("expected a succession, found none");
        }
        KeyHistory history = upTo(successions.get(successions.size() - 1).after(), successions);
        if (!Arrays.equals(history.format(), file)) {
            throw new IllegalArgumentException("the file is not spelled as it was written");
        }
        return history;
    }

    /** Returns the bytes of a file with all successions, of which there is one at least. */
    public byte[] format() {
        ObjectNode json = Json.object().put("format", FORMAT);
        put(json);
        return Json.bytes(json);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof KeyHistory that && current.equals(that.current) && successions.equals(that.successions);
    }

    @Override
    public int hashCode() {
        return Objects.hash(current, successions);
    }

    private static List<Succession> parse(JsonNode notes) {
        if (notes.size() > Succession.NUMBER_MAX) {
            throw new IllegalArgumentException("a vault has at most " + Succession.NUMBER_MAX + " successions");
        }
        List<Succession> successions = new ArrayList<>();
        for (JsonNode note : notes) {
            successions.add(Succession.parse(SignedNote.parse(note.asText().getBytes(StandardCharsets.UTF_8))));
        }
        return successions;
    }
}
