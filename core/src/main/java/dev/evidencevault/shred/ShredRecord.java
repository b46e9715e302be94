package dev.evidencevault.shred;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.Change;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.LogId;
import dev.evidencevault.segment.SealedChanges;
import dev.evidencevault.storage.Layout.LogDirectory;
import dev.evidencevault.storage.Tombstone;
import dev.evidencevault.storage.UnlockedVault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What logs tell of a destruction of keys: a change {@code shred}. Immutable. Format: {@code docs/formats/tombstone.md}. */
public sealed interface ShredRecord {
    /** Returns the log whose keys are meant. */
    LogId log();

    /** Returns SHA-256 of the approved request. */
    Digest request();

    /** Returns the change. */
    Change toChange();

    /**
     * That keys are about to be destroyed: in the tenant's log, of which it is the last record, and in the vault's own.
     *
     * @param tenant the tenant
     * @param log the log
     * @param request SHA-256 of the approved request
     * @param keys what is destroyed
     * @param requestedBy the id of who asked
     * @param approvedBy the id of who approved
     * @param reason why
     */
    record Begun(
            String tenant,
            LogId log,
            Digest request,
            DestroyedKeys keys,
            String requestedBy,
            String approvedBy,
            String reason)
            implements ShredRecord {
        @Override
        public Change toChange() {
            ObjectNode before = Json.object().put("tenant", tenant).put("log", log.toString());
            keys.put(before);
            ObjectNode after = Json.object()
                    .put("request", request.hex())
                    .put("requestedBy", requestedBy)
                    .put("approvedBy", approvedBy);
            return new Change(Change.What.SHRED, text(before), text(after), reason);
        }
    }

    /**
     * That keys were destroyed: in the vault's own log.
     *
     * @param log the log
     * @param request SHA-256 of the approved request
     * @param tombstone SHA-256 of the tombstone
     * @param certificate SHA-256 of the certificate
     */
    record Done(LogId log, Digest request, Digest tombstone, Digest certificate) implements ShredRecord {
        @Override
        public Change toChange() {
            ObjectNode before = Json.object().put("log", log.toString()).put("request", request.hex());
            ObjectNode after = Json.object().put("tombstone", tombstone.hex()).put("certificate", certificate.hex());
            return new Change(Change.What.SHRED, text(before), text(after), null);
        }
    }

    /**
     * Reads what the vault's own log tells, as far as it is sealed.
     *
     * @param since nothing is looked for that was recorded before, in nanoseconds since 1970
     * @return the changes, in the order of the log
     * @throws dev.evidencevault.format.CorruptFileException if a segment is damaged
     */
    static List<SealedChanges.Recorded<ShredRecord>> read(UnlockedVault vault, long since)
            throws IOException, WrongKeyException {
        LogDirectory service = vault.layout().service();
        List<SealedChanges.Recorded<ShredRecord>> told = new ArrayList<>();
        for (SealedChanges.Recorded<Optional<ShredRecord>> each :
                SealedChanges.read(service, vault.keys(service), since, Change.What.SHRED, ShredRecord::find)) {
            each.value()
                    .ifPresent(record -> told.add(new SealedChanges.Recorded<>(record, each.recordedAt(), each.seq())));
        }
        return told;
    }

    /** Reads what a change tells; empty if that is of something else that was destroyed. */
    private static Optional<ShredRecord> find(Change change) {
        try {
            return Optional.of(of(change));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * Reads when the keys of logs were destroyed whose tenants had names that may have been given anew.
     *
     * @return by name, the time of the last, in nanoseconds since 1970
     */
    static Map<String, Long> ends(UnlockedVault vault) throws IOException, WrongKeyException {
        Map<LogId, Tombstone> tombstones = vault.destroyed();
        Map<String, Long> ends = new HashMap<>();
        if (!tombstones.isEmpty()) {
            for (SealedChanges.Recorded<ShredRecord> each : read(vault, Long.MIN_VALUE)) {
                Tombstone tombstone = tombstones.get(each.value().log());
                if (each.value() instanceof Begun begun && tombstone != null) {
                    ends.merge(begun.tenant(), tombstone.time(), Math::max);
                }
            }
        }
        return ends;
    }

    private static String text(ObjectNode json) {
        return new String(Json.bytes(json), StandardCharsets.UTF_8);
    }

    /**
     * Reads what a change tells.
     *
     * @throws IllegalArgumentException if it tells of no destruction of keys, or in another spelling
     */
    static ShredRecord of(Change change) {
        ObjectNode before = object(change.before());
        ObjectNode after = object(change.after());
        String reason = change.reason();
        ShredRecord record;
        if (after.has("certificate")) {
            Json.requireOnly(before, Set.of("log", "request"), "before");
            Json.requireOnly(after, Set.of("tombstone", "certificate"), "after");
            record = new Done(
                    LogId.parse(Json.text(before, "log")),
                    Digest.parseHex(Json.text(before, "request")),
                    Digest.parseHex(Json.text(after, "tombstone")),
                    Digest.parseHex(Json.text(after, "certificate")));
        } else if (reason != null) {
            Json.requireOnly(after, Set.of("request", "requestedBy", "approvedBy"), "after");
            record = new Begun(
                    Json.text(before, "tenant"),
                    LogId.parse(Json.text(before, "log")),
                    Digest.parseHex(Json.text(after, "request")),
                    DestroyedKeys.of(before),
                    Json.text(after, "requestedBy"),
                    Json.text(after, "approvedBy"),
                    reason);
        } else {
            throw new IllegalArgumentException("a change of keys that were destroyed says why");
        }
        if (change.what() != Change.What.SHRED || !record.toChange().equals(change)) {
            throw new IllegalArgumentException("the change is not in its one spelling");
        }
        return record;
    }

    private static ObjectNode object(@Nullable String text) {
        if (text == null) {
            throw new IllegalArgumentException("a change of keys that were destroyed says what was, and what is");
        }
        return Json.parseObject(text.getBytes(StandardCharsets.UTF_8), "the change");
    }
}
