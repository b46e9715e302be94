package dev.evidencevault.keys;

import dev.evidencevault.crypto.keys.KeySourceException;
import dev.evidencevault.crypto.keys.TenantKeys;
import dev.evidencevault.crypto.keys.TenantKeys.Purpose;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.format.Change;
import dev.evidencevault.format.DestroyedRecords;
import dev.evidencevault.format.LogId;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.format.RecordKind;
import dev.evidencevault.format.RotatedKeys;
import dev.evidencevault.segment.SegmentContent;
import dev.evidencevault.segment.SegmentFile;
import dev.evidencevault.segment.SegmentFile.BlockRef;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Layout.LogDirectory;
import dev.evidencevault.storage.LogKeys;
import dev.evidencevault.storage.Settings;
import dev.evidencevault.storage.Tombstone;
import dev.evidencevault.storage.UnlockedVault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a vault, or of one of its tenants. Immutable.
 *
 * @param settings the vault's settings
 * @param vaultKeys how many key-encryption keys the vault has, the older ones for keys that were not rotated since
 * @param logs the keys of each log, the vault's own first, then by tenant
 * @param destroyed the logs whose keys were destroyed, which name no tenant; none in what is of one tenant
 */
public record KeyInventory(Settings settings, int vaultKeys, List<OfLog> logs, List<Tombstone> destroyed) {
    /** The name of the vault's own log. */
    public static final String SERVICE = "(service)";

    /**
     * The keys of a log.
     *
     * @param name the tenant, or {@link #SERVICE}
     * @param logId the log
     * @param epoch how often they were rotated; 0 in the first version of their file
     * @param source what wraps them: {@code vault}, or the name of the tenant's own key
     * @param counts how many there are for each purpose; empty if they could not be opened
     * @param since when the newest were made, in nanoseconds since 1970, as far as what is sealed tells; or null
     * @param rotations what is sealed of rotations, the earliest first
     * @param destroyed which records were destroyed with older keys; null if none were
     * @param unavailable why they could not be opened; null if they were
     */
    public record OfLog(
            String name,
            LogId logId,
            int epoch,
            String source,
            Map<Purpose, Integer> counts,
            @Nullable Long since,
            List<Rotation> rotations,
            @Nullable DestroyedRecords destroyed,
            @Nullable String unavailable) {
        /** Copies the collections. */
        public OfLog {
            counts = Collections.unmodifiableMap(
                    counts.isEmpty() ? new EnumMap<>(Purpose.class) : new EnumMap<>(counts));
            rotations = List.copyOf(rotations);
        }
    }

    /**
     * A rotation, as the log tells of it.
     *
     * @param at when the log took it, in nanoseconds since 1970
     * @param before the keys before it
     * @param after the keys after it
     * @param reason why
     */
    public record Rotation(
            long at,
            RotatedKeys before,
            RotatedKeys after,
            @Nullable String reason) {}

    /** Copies the lists. */
    public KeyInventory {
        logs = List.copyOf(logs);
        destroyed = List.copyOf(destroyed);
    }

    /** Reads the keys of all logs. A tenant whose keys cannot be had is listed with the reason. */
    public static KeyInventory read(UnlockedVault vault) throws IOException, WrongKeyException {
        List<OfLog> logs = new ArrayList<>();
        logs.add(read(vault, SERVICE, vault.layout().service()));
        SortedMap<String, LogId> tenants = new TreeMap<>(vault.tenants());
        for (Map.Entry<String, LogId> tenant : tenants.entrySet()) {
            logs.add(read(vault, tenant.getKey(), vault.layout().tenant(tenant.getValue())));
        }
        return new KeyInventory(
                vault.settings(),
                vault.keyEncryption().size(),
                logs,
                List.copyOf(vault.destroyed().values()));
    }

    /**
     * Reads the keys of one tenant, and opens no others.
     *
     * @throws IllegalArgumentException if there is no such tenant
     */
    public static KeyInventory read(UnlockedVault vault, String tenant) throws IOException, WrongKeyException {
        LogId logId = vault.tenants().get(tenant);
        if (logId == null) {
            throw new IllegalArgumentException("there is no tenant " + tenant);
        }
        return new KeyInventory(
                vault.settings(),
                vault.keyEncryption().size(),
                List.of(read(vault, tenant, vault.layout().tenant(logId))),
                List.of());
    }

    private static OfLog read(UnlockedVault vault, String name, LogDirectory directory)
            throws IOException, WrongKeyException {
        LogKeys file = LogKeys.newest(directory);
        RotatedKeys stated = file.rotated();
        Map<Purpose, Integer> counts = new EnumMap<>(Purpose.class);
        TenantKeys keys;
        try {
            keys = vault.keys(directory);
        } catch (KeySourceException e) {
            return new OfLog(
                    name,
                    file.logId(),
                    file.epoch(),
                    stated.source(),
                    counts,
                    null,
                    List.of(),
                    stated.destroyed(),
                    String.valueOf(e.getMessage()));
        }
        for (Purpose purpose : Purpose.of(file.epoch())) {
            counts.put(purpose, keys.count(purpose));
        }
        List<Rotation> rotations = rotations(directory, keys);
        Long since = rotations.isEmpty()
                ? firstRecord(directory, keys)
                : Long.valueOf(rotations.get(rotations.size() - 1).at());
        return new OfLog(
                name, file.logId(), file.epoch(), stated.source(), counts, since, rotations, stated.destroyed(), null);
    }

    private static @Nullable Long firstRecord(LogDirectory directory, TenantKeys keys) throws IOException {
        if (Layout.numbers(directory.segments(), Layout.SEGMENT_SUFFIX).isEmpty()) {
            return null;
        }
        try (SegmentFile file = new SegmentFile(directory.segment(keys.firstSegment()))) {
            List<LogRecord> records =
                    new SegmentContent(file, keys).records(file.blocks().get(0));
            return records.isEmpty() ? null : records.get(0).recordedAt();
        }
    }

    private static List<Rotation> rotations(LogDirectory directory, TenantKeys keys) throws IOException {
        List<Rotation> found = new ArrayList<>();
        for (long number : Layout.numbers(directory.segments(), Layout.SEGMENT_SUFFIX)) {
            try (SegmentFile file = new SegmentFile(directory.segment(number))) {
                if (number >= keys.firstSegment() && file.seal().notices() > 0) {
                    SegmentContent content = new SegmentContent(file, keys);
                    for (BlockRef block : file.blocks()) {
                        if (block.records()) {
                            content.records(block).forEach(record -> add(record, found));
                        }
                    }
                }
            }
        }
        return found;
    }

    private static void add(LogRecord record, List<Rotation> found) {
        if (record.kind() == RecordKind.CHANGE) {
            Change change = Change.of(record);
            RotatedKeys before = RotatedKeys.before(change).orElse(null);
            RotatedKeys after = RotatedKeys.after(change).orElse(null);
            if (before != null && after != null) {
                found.add(new Rotation(record.recordedAt(), before, after, change.reason()));
            }
        }
    }
}
