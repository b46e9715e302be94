package dev.evidencevault.keys;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.crypto.keys.TenantKeys.Purpose;
import dev.evidencevault.format.DestroyedRecords;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.RotatedKeys;
import dev.evidencevault.format.Timestamps;
import dev.evidencevault.keys.KeyInventory.OfLog;
import dev.evidencevault.keys.KeyInventory.Rotation;
import dev.evidencevault.storage.Settings;
import dev.evidencevault.storage.Tombstone;
import java.util.List;

/**
 * Tells which keys there are: kinds, algorithms, lengths, where they are kept, how long they live, and when they were rotated
 * (ISO/IEC 27017, 10.1.2). Shows no secret; one of a tenant shows nothing of another. Immutable.
 */
public final class KeyReport {
    private static final String FORMAT = "evidence-vault-key-report/1";

    private final KeyInventory inventory;
    private final boolean ofTenant;
    private final long at;

    /**
     * Creates a report.
     *
     * @param ofTenant whether it is for a tenant, and of its keys only
     * @param at when it is made, in nanoseconds since 1970
     */
    public KeyReport(KeyInventory inventory, boolean ofTenant, long at) {
        this.inventory = inventory;
        this.ofTenant = ofTenant;
        this.at = at;
    }

    private List<KeyKind> kinds() {
        return KeyKind.of(inventory.settings().suite()).stream()
                .filter(kind -> !ofTenant || kind.ofTenant())
                .toList();
    }

    /** Returns the report for programs. */
    public ObjectNode json() {
        Settings settings = inventory.settings();
        ObjectNode json = Json.object()
                .put("format", FORMAT)
                .put("vaultId", settings.vaultId().toString())
                .put("at", Timestamps.format(at))
                .put("suite", settings.suite().label());
        if (!ofTenant) {
            Settings.VaultKey vaultKey = settings.vaultKey();
            ObjectNode vault = json.putObject("vault");
            vault.put("secret", settings.derivation().kind());
            if (vaultKey != null) {
                vault.put("secretEpoch", vaultKey.epoch());
            }
            vault.put("vaultKeys", inventory.vaultKeys())
                    .put("verifierKey", settings.verifier().format());
        }
        ArrayNode kinds = json.putArray("kinds");
        for (KeyKind kind : kinds()) {
            kinds.addObject()
                    .put("name", kind.name())
                    .put("algorithm", kind.algorithm())
                    .put("bits", kind.bits())
                    .put("use", kind.use())
                    .put("kept", kind.kept())
                    .put("lifetime", kind.lifetime());
        }
        ArrayNode logs = json.putArray("logs");
        inventory.logs().forEach(log -> logs.add(json(log)));
        if (!ofTenant) {
            ArrayNode destroyed = json.putArray("destroyed");
            inventory
                    .destroyed()
                    .forEach(each -> destroyed
                            .addObject()
                            .put("logId", each.logId().toString())
                            .put("at", Timestamps.format(each.time()))
                            .put("keysSha256", each.keys().hex()));
        }
        return json;
    }

    /** Returns what there is to say of a log's keys, for programs. */
    public static ObjectNode json(OfLog log) {
        ObjectNode json = Json.object()
                .put("tenant", log.name())
                .put("logId", log.logId().toString())
                .put("epoch", log.epoch())
                .put("source", log.source());
        if (log.unavailable() != null) {
            return json.put("unavailable", log.unavailable());
        }
        if (log.since() != null) {
            json.put("since", Timestamps.format(log.since()));
        }
        ObjectNode counts = json.putObject("keys");
        log.counts().forEach((purpose, count) -> counts.put(purpose.label(), count));
        DestroyedRecords gone = log.destroyed();
        if (gone != null) {
            json.putObject(DestroyedRecords.MEMBER)
                    .put("segments", gone.segments())
                    .put("leaves", gone.leaves());
        }
        ArrayNode rotations = json.putArray("rotations");
        for (Rotation rotation : log.rotations()) {
            ObjectNode each = rotations
                    .addObject()
                    .put("at", Timestamps.format(rotation.at()))
                    .put("epoch", rotation.after().epoch())
                    .put("source", rotation.after().source())
                    .put("sourceBefore", rotation.before().source());
            if (rotation.reason() != null) {
                each.put("reason", rotation.reason());
            }
        }
        return json;
    }

    /** Returns the report for people, as Markdown. */
    public String markdown() {
        Settings settings = inventory.settings();
        StringBuilder page = new StringBuilder("# Keys\n\n");
        page.append("Vault `").append(settings.vaultId()).append("`, ").append(Timestamps.format(at));
        page.append(". Suite ").append(settings.suite().label()).append(".\n\n");
        if (!ofTenant) {
            Settings.VaultKey vaultKey = settings.vaultKey();
            page.append("The vault is opened by: ")
                    .append(cell(settings.derivation().kind()));
            page.append(vaultKey == null ? "" : ", secret number " + vaultKey.epoch());
            page.append(". It has ").append(inventory.vaultKeys());
            page.append(inventory.vaultKeys() == 1 ? " key" : " keys").append(" of its own that wrap others.\n\n");
        }
        page.append("## Kinds\n\n| Key | Algorithm | Bits | For | Kept | Lifetime |\n|---|---|---|---|---|---|\n");
        for (KeyKind kind : kinds()) {
            row(
                    page,
                    kind.name(),
                    kind.algorithm(),
                    Integer.toString(kind.bits()),
                    kind.use(),
                    kind.kept(),
                    kind.lifetime());
        }
        page.append("\n## ")
                .append(ofTenant ? "The tenant's keys" : "Keys of each log")
                .append("\n\n");
        page.append("| Log | Epoch | Wrapped by | Newest since | Keys |\n|---|---|---|---|---|\n");
        for (OfLog log : inventory.logs()) {
            row(
                    page,
                    log.name(),
                    Integer.toString(log.epoch()),
                    source(log.source()),
                    log.since() == null ? "not sealed yet" : Timestamps.format(log.since()),
                    log.unavailable() == null ? counts(log) : "not opened: " + log.unavailable());
        }
        page.append("\n## Rotations\n\n| Log | When | Epoch | Wrapped by | Why |\n|---|---|---|---|---|\n");
        for (OfLog log : inventory.logs()) {
            for (Rotation rotation : log.rotations()) {
                row(
                        page,
                        log.name(),
                        Timestamps.format(rotation.at()),
                        Integer.toString(rotation.after().epoch()),
                        source(rotation.after().source()),
                        rotation.reason() == null ? "" : rotation.reason());
            }
        }
        if (!inventory.destroyed().isEmpty()) {
            page.append("\n## Destroyed\n\n| Log | When | SHA-256 of the keys |\n|---|---|---|\n");
            for (Tombstone each : inventory.destroyed()) {
                row(
                        page,
                        each.logId().toString(),
                        Timestamps.format(each.time()),
                        each.keys().hex());
            }
        }
        return page.toString();
    }

    private static String source(String source) {
        return source.equals(RotatedKeys.VAULT) ? "the vault's key" : source;
    }

    /** Returns how many keys there are for each purpose, and what was destroyed with others, in a line. */
    public static String counts(OfLog log) {
        StringBuilder line = new StringBuilder();
        for (Purpose purpose : Purpose.of(log.epoch())) {
            line.append(line.isEmpty() ? "" : ", ").append(purpose.label()).append(' ');
            line.append(log.counts().get(purpose));
        }
        DestroyedRecords gone = log.destroyed();
        if (gone != null) {
            line.append("; those of the first ").append(gone.leaves()).append(" leaves were destroyed");
        }
        return line.toString();
    }

    private static void row(StringBuilder page, String... cells) {
        for (String each : cells) {
            page.append("| ").append(cell(each)).append(' ');
        }
        page.append("|\n");
    }

    /** A text within a cell: what Markdown would take for its own is escaped, and lines do not end. */
    private static String cell(String text) {
        return text.replaceAll("\\p{Cntrl}", " ").replaceAll("([\\\\`*_\\[\\]<>|])", "\\\\$1");
    }
}
