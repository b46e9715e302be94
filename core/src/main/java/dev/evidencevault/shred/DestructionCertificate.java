package dev.evidencevault.shred;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.cases.CaseDesk;
import dev.evidencevault.cases.CaseStep;
import dev.evidencevault.cases.PersonKey;
import dev.evidencevault.cases.StepBody;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.LogId;
import dev.evidencevault.format.Timestamps;
import dev.evidencevault.segment.SealedChanges;
import dev.evidencevault.storage.LocalStorage;
import dev.evidencevault.storage.Tombstone;
import dev.evidencevault.storage.UnlockedVault;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What can be told of a destruction of keys to the tenant whose they were: which keys, when, who asked and approved, what was tried
 * afterwards, what became of the copies, and what remains. Tells nothing of other tenants, not even whether there are any.
 * Immutable. Format: {@code docs/formats/tombstone.md}.
 *
 * @param tombstone what the vault says
 * @param tombstoneFile SHA-256 of its file
 * @param tenant the tenant
 * @param reason why
 * @param requestedAt when it was asked for, in nanoseconds since 1970
 * @param requester who asked
 * @param approver who approved
 * @param keys what was destroyed
 * @param trial what was tried afterwards
 * @param copies what became of the copies
 * @param certifiedAt when this was written, in nanoseconds since 1970
 */
public record DestructionCertificate(
        Tombstone tombstone,
        Digest tombstoneFile,
        String tenant,
        String reason,
        long requestedAt,
        Signer requester,
        Signer approver,
        DestroyedKeys keys,
        KeyTrial trial,
        List<Copy> copies,
        long certifiedAt) {
    private static final String FORMAT = "evidence-vault-destruction/1";
    private static final String LABEL = "evidence-vault/destruction/v1";
    private static final Set<String> MEMBERS = Set.of(
            "format",
            "vault",
            "log",
            "tenant",
            "reason",
            "request",
            "requestedAt",
            "requestedBy",
            "approvedBy",
            "destroyedAt",
            "leaves",
            "root",
            "tombstone",
            "destroyed",
            "trial",
            "copies",
            "certifiedAt");

    /** Copies the list. */
    public DestructionCertificate {
        copies = List.copyOf(copies);
    }

    /**
     * A person whose signature the request has.
     *
     * @param id the person's id
     * @param name the person's name
     * @param key the text form of the person's key
     */
    public record Signer(String id, String name, String key) {}

    /**
     * A copy of the vault's logs.
     *
     * @param place its registered name, or its location
     * @param outcome what became of the keys there
     */
    public record Copy(String place, Outcome outcome) {}

    /** What became of the keys in a copy. */
    public enum Outcome {
        /** They are not there any more. */
        DESTROYED("destroyed"),
        /** The place could not be reached, or did not delete them: the next run of copying to it does. */
        NOT_REACHED("notReached");

        private final String label;

        Outcome(String label) {
            this.label = label;
        }

        /** Returns the word in the file. */
        public String label() {
            return label;
        }

        private static Outcome ofLabel(String label) {
            return Arrays.stream(values())
                    .filter(each -> each.label.equals(label))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("unknown outcome \"" + label + "\""));
        }
    }

    /**
     * Makes the certificate of a destruction that was done.
     *
     * @throws ShredRefusedException if the vault does not know of it: there is no tombstone under this request
     */
    public static DestructionCertificate make(UnlockedVault vault, ShredRequest request, List<Copy> copies, Clock clock)
            throws IOException, WrongKeyException, ShredRefusedException {
        Tombstone tombstone = new ShredDesk(vault, new LocalStorage(), clock)
                .tombstone(request)
                .orElseThrow(() -> new ShredRefusedException("no keys were destroyed under this request"));
        ShredRecord.Begun begun = null;
        for (SealedChanges.Recorded<ShredRecord> each : ShredRecord.read(vault, Long.MIN_VALUE)) {
            if (each.value() instanceof ShredRecord.Begun record
                    && record.request().equals(request.digest())) {
                begun = record;
            }
        }
        if (begun == null) {
            throw new ShredRefusedException("the vault's own log does not tell of this request; run evault verify");
        }
        return new DestructionCertificate(
                tombstone,
                Digest.sha256(vault.layout().tenant(tombstone.logId()).tombstone()),
                begun.tenant(),
                begun.reason(),
                request.body().requestedAt(),
                signer(vault, clock, begun.requestedBy(), request.signature(0)),
                signer(vault, clock, begun.approvedBy(), request.signature(1)),
                begun.keys(),
                KeyTrial.run(vault, tombstone.logId()),
                copies,
                Timestamps.nanos(clock.instant()));
    }

    /** Finds who signed, also when the person or the key has ended since. */
    private static Signer signer(UnlockedVault vault, Clock clock, String id, SignedNote signed)
            throws IOException, ShredRefusedException {
        CaseDesk desk = new CaseDesk(vault, new LocalStorage(), clock, new SecureRandom());
        Signer found = null;
        for (CaseStep step : desk.register().steps()) {
            if (step.body() instanceof StepBody.PersonAdded added
                    && added.person().id().equals(id)
                    && added.person().key().verifies(signed)) {
                found = new Signer(
                        id, added.person().name(), added.person().key().text());
            }
        }
        if (found == null) {
            throw new ShredRefusedException("nobody was ever registered as \"" + id + "\" with the key that signed");
        }
        return found;
    }

    /** Returns the bytes of the file. */
    public byte[] format() {
        ObjectNode json = Json.object()
                .put("format", FORMAT)
                .put("vault", tombstone.vaultId().toString())
                .put("log", tombstone.logId().toString())
                .put("tenant", tenant)
                .put("reason", reason)
                .put("request", tombstone.request().hex())
                .put("requestedAt", Timestamps.format(requestedAt));
        put(json.putObject("requestedBy"), requester);
        put(json.putObject("approvedBy"), approver);
        json.put("destroyedAt", Timestamps.format(tombstone.time()))
                .put("leaves", tombstone.leaves())
                .put("root", tombstone.root().hex())
                .put("tombstone", tombstoneFile.hex());
        keys.put(json.putObject("destroyed"));
        json.putObject("trial")
                .put("segments", trial.segments())
                .put("bytes", trial.bytes())
                .put("frames", trial.frames())
                .put("files", trial.files())
                .put("opened", trial.opened())
                .put("whole", trial.whole());
        ArrayNode list = json.putArray("copies");
        copies.forEach(copy -> list.addObject().put("place", copy.place()).put("outcome", copy.outcome().label));
        return Json.bytes(json.put("certifiedAt", Timestamps.format(certifiedAt)));
    }

    private static void put(ObjectNode json, Signer signer) {
        json.put("id", signer.id()).put("name", signer.name()).put("key", signer.key());
    }

    /**
     * Parses the file.
     *
     * @throws IllegalArgumentException if it is none, or not in the one spelling
     */
    public static DestructionCertificate parse(byte[] bytes) {
        ObjectNode json = Json.parseObject(bytes, "the certificate");
        Json.requireOnly(json, MEMBERS, "the certificate");
        if (!Json.text(json, "format").equals(FORMAT)) {
            throw new IllegalArgumentException("expected the format " + FORMAT + ", found " + json.path("format"));
        }
        ObjectNode destroyed = object(json, "destroyed");
        DestroyedKeys keys = DestroyedKeys.of(destroyed);
        Tombstone tombstone = new Tombstone(
                LogId.parse(Json.text(json, "vault")),
                LogId.parse(Json.text(json, "log")),
                Timestamps.parse(Json.text(json, "destroyedAt")),
                Json.integer(json, "leaves"),
                Digest.parseHex(Json.text(json, "root")),
                keys.file(),
                Digest.parseHex(Json.text(json, "request")));
        ObjectNode trial = object(json, "trial");
        List<Copy> copies = new ArrayList<>();
        for (JsonNode copy : json.path("copies")) {
            copies.add(new Copy(Json.text(copy, "place"), Outcome.ofLabel(Json.text(copy, "outcome"))));
        }
        DestructionCertificate parsed = new DestructionCertificate(
                tombstone,
                Digest.parseHex(Json.text(json, "tombstone")),
                Json.text(json, "tenant"),
                Json.text(json, "reason"),
                Timestamps.parse(Json.text(json, "requestedAt")),
                signer(object(json, "requestedBy")),
                signer(object(json, "approvedBy")),
                keys,
                new KeyTrial(
                        Json.integer(trial, "segments"),
                        Json.integer(trial, "bytes"),
                        Json.integer(trial, "frames"),
                        Json.integer(trial, "files"),
                        Json.integer(trial, "opened"),
                        trial.path("whole").booleanValue()),
                copies,
                Timestamps.parse(Json.text(json, "certifiedAt")));
        if (!Arrays.equals(parsed.format(), bytes)) {
            throw new IllegalArgumentException("the certificate is not in its one spelling");
        }
        return parsed;
    }

    private static ObjectNode object(ObjectNode json, String name) {
        if (json.path(name) instanceof ObjectNode found) {
            return found;
        }
        throw new IllegalArgumentException("expected an object \"" + name + "\"");
    }

    private static Signer signer(ObjectNode json) {
        return new Signer(Json.text(json, "id"), Json.text(json, "name"), Json.text(json, "key"));
    }

    /** Returns the text that the vault signs: of which log and time the certificate is, and its digest. */
    public String signedText() {
        return LABEL + "\n" + tombstone.vaultId() + "\n" + tombstone.logId() + "\n" + Timestamps.format(certifiedAt)
                + "\n" + Digest.sha256(format()).hex() + "\n";
    }

    /** Says why a request is not the one that this is about; empty if it is. */
    public Optional<String> refusal(ShredRequest request) {
        if (!request.digest().equals(tombstone.request())
                || !request.body().log().equals(tombstone.logId())
                || !request.body().tenant().equals(tenant)
                || !request.body().reason().equals(reason)
                || request.body().requestedAt() != requestedAt) {
            return Optional.of("it is not the request that the certificate names");
        }
        if (request.approvedBy().isEmpty()
                || !isOf(requester, request.signature(0))
                || !isOf(approver, request.signature(1))
                || requester.id().equals(approver.id())) {
            return Optional.of("expected the signatures of " + requester.id() + " and " + approver.id());
        }
        return Optional.empty();
    }

    private static boolean isOf(Signer signer, SignedNote signed) {
        PersonKey key = PersonKey.parse(signer.key());
        return key.name().equals(signer.id()) && key.verifies(signed);
    }
}
