package dev.evidencevault.shred;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.cases.PersonSigner;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.LogId;
import dev.evidencevault.format.Timestamps;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A request to destroy the keys of a tenant's log, signed by who asks and then, over the same text, by who approves. What it says
 * is not checked against any vault: {@link ShredDesk} does that. Immutable. Format: {@code docs/formats/tombstone.md}.
 *
 * @param body what is asked for
 * @param note the text under one signature, or under two
 */
public record ShredRequest(Body body, SignedNote note) {
    /** The most bytes of the file. */
    public static final int BYTES_MAX = 64 << 10;

    /** How long a request may be good for. */
    public static final Duration VALID_MAX = Duration.ofDays(30);

    private static final String LABEL = "evidence-vault/shred-request/v1\n";
    private static final int TEXT_CHARS_MAX = 1024;
    private static final Set<String> MEMBERS = Set.of(
            "v", "vault", "log", "tenant", "leaves", "root", "keys", "reason", "requestedBy", "requestedAt", "expires");

    /**
     * What is asked for.
     *
     * @param vault the vault's id
     * @param log the log's id
     * @param tenant the tenant's name, 1 to 256 characters
     * @param leaves how many leaves the log had, sealed, when it was asked
     * @param root the root over them
     * @param keys SHA-256 of the log's {@code keys.json} then
     * @param reason why: the contract that ended, or the order; 1 to 1,024 characters without control characters
     * @param requestedBy the id of who asks
     * @param requestedAt when, in nanoseconds since 1970
     * @param expires from when on nobody may act on it, likewise; at most {@link #VALID_MAX} later
     */
    public record Body(
            LogId vault,
            LogId log,
            String tenant,
            long leaves,
            Digest root,
            Digest keys,
            String reason,
            String requestedBy,
            long requestedAt,
            long expires) {
        /** Checks the parts. */
        public Body {
            requireText(tenant, "tenant");
            requireText(reason, "reason");
            requireText(requestedBy, "requestedBy");
            if (leaves < 0) {
                throw new IllegalArgumentException("a log has no fewer than 0 leaves, found " + leaves);
            }
            if (expires <= requestedAt || expires - requestedAt > VALID_MAX.toNanos()) {
                throw new IllegalArgumentException("a request is good for at most " + VALID_MAX.toDays()
                        + " days from " + Timestamps.format(requestedAt) + " on, found an end at "
                        + Timestamps.format(expires));
            }
        }

        private String text() {
            ObjectNode json = Json.object()
                    .put("v", 1)
                    .put("vault", vault.toString())
                    .put("log", log.toString())
                    .put("tenant", tenant)
                    .put("leaves", leaves)
                    .put("root", root.hex())
                    .put("keys", keys.hex())
                    .put("reason", reason)
                    .put("requestedBy", requestedBy)
                    .put("requestedAt", Timestamps.format(requestedAt))
                    .put("expires", Timestamps.format(expires));
            return LABEL + json + "\n";
        }
    }

    private static void requireText(String text, String name) {
        if (text.isBlank()
                || text.length() > TEXT_CHARS_MAX
                || text.codePoints().anyMatch(c -> Character.isISOControl(c) || c >= 0xD800 && c <= 0xDFFF)) {
            throw new IllegalArgumentException(
                    "expected 1 to " + TEXT_CHARS_MAX + " characters without control characters for \"" + name + "\"");
        }
    }

    /** Checks that the text is that of the body, and the number of signatures. */
    public ShredRequest {
        if (!note.text().equals(body.text())) {
            throw new IllegalArgumentException("the request is not in its one spelling");
        }
        if (note.signatures().size() > 2) {
            throw new IllegalArgumentException("a request has the signatures of two persons, found "
                    + note.signatures().size());
        }
    }

    /** Signs a request as who asks. */
    static ShredRequest sign(Body body, PersonSigner signer) {
        return new ShredRequest(body, signer.sign(body.text()));
    }

    /** Returns the request with another person's signature below. */
    ShredRequest approved(PersonSigner signer) {
        List<SignedNote.Signature> lines = new ArrayList<>(note.signatures().subList(0, 1));
        lines.addAll(signer.sign(note.text()).signatures());
        return new ShredRequest(body, new SignedNote(note.text(), lines));
    }

    /** Returns the id of who approved, as the signature names it; empty if nobody did. */
    public Optional<String> approvedBy() {
        return note.signatures().size() < 2
                ? Optional.empty()
                : Optional.of(note.signatures().get(1).name());
    }

    /** Returns the text under the signature of one of the two, from 0, alone. */
    public SignedNote signature(int place) {
        return new SignedNote(note.text(), note.signatures().subList(place, place + 1));
    }

    /** Returns SHA-256 of the file, by which logs and tombstone name it. */
    public Digest digest() {
        return Digest.sha256(format());
    }

    /** Returns the bytes of the file. */
    public byte[] format() {
        return note.format();
    }

    /**
     * Parses a file.
     *
     * @throws IllegalArgumentException if it is none, or not in the one spelling
     */
    public static ShredRequest parse(byte[] bytes) {
        if (bytes.length > BYTES_MAX) {
            throw new IllegalArgumentException("a request has at most " + BYTES_MAX + " bytes");
        }
        SignedNote note = SignedNote.parse(bytes);
        if (!note.text().startsWith(LABEL) || !Arrays.equals(note.format(), bytes)) {
            throw new IllegalArgumentException("expected a request to destroy keys, version 1");
        }
        ObjectNode json =
                Json.parseObject(note.text().substring(LABEL.length()).getBytes(StandardCharsets.UTF_8), "the request");
        Json.requireOnly(json, MEMBERS, "the request");
        if (Json.integer(json, "v") != 1) {
            throw new IllegalArgumentException("expected version 1 of a request, found " + json.path("v"));
        }
        return new ShredRequest(
                new Body(
                        LogId.parse(Json.text(json, "vault")),
                        LogId.parse(Json.text(json, "log")),
                        Json.text(json, "tenant"),
                        Json.integer(json, "leaves"),
                        Digest.parseHex(Json.text(json, "root")),
                        Digest.parseHex(Json.text(json, "keys")),
                        Json.text(json, "reason"),
                        Json.text(json, "requestedBy"),
                        Timestamps.parse(Json.text(json, "requestedAt")),
                        Timestamps.parse(Json.text(json, "expires"))),
                note);
    }
}
