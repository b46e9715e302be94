package dev.evidencevault.benchmarks;

import dev.evidencevault.benchmarks.targets.AppendTarget;
import dev.evidencevault.benchmarks.targets.SampleEvents;
import dev.evidencevault.benchmarks.targets.TenantSequence;
import dev.evidencevault.benchmarks.targets.TenantSequence.Distribution;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Everything that one measurement is told. Immutable.
 *
 * @param target what is measured
 * @param tenants the number of tenants
 * @param distribution how events are spread over them
 * @param size the size of a line: bytes, or the name of real records
 * @param producers the number of appending threads
 * @param events how many events are measured
 * @param warmupEvents how many are appended before, elsewhere
 * @param seconds how long each load of a latency measurement lasts
 * @param directory an empty directory to write into
 * @param cloudtrail the file of real records
 */
record Setting(
        AppendTarget.Kind target,
        int tenants,
        Distribution distribution,
        String size,
        int producers,
        long events,
        long warmupEvents,
        int seconds,
        String directory,
        String cloudtrail) {

    /** At most this many tenants in a warm-up: making one takes several syncs. */
    private static final int WARMUP_TENANTS_MAX = 100;

    Setting withTarget(AppendTarget.Kind value) {
        return with(value, tenants, events, warmupEvents, directory);
    }

    Setting withEvents(long value) {
        return with(target, tenants, value, warmupEvents, directory);
    }

    Setting withDirectory(String value) {
        return with(target, tenants, events, warmupEvents, value);
    }

    /** Returns the setting of the warm-up. */
    Setting warmup() {
        return with(target, Math.min(tenants, WARMUP_TENANTS_MAX), warmupEvents, 0, directory);
    }

    private Setting with(AppendTarget.Kind kind, int tenantCount, long eventCount, long warmup, String where) {
        return new Setting(
                kind, tenantCount, distribution, size, producers, eventCount, warmup, seconds, where, cloudtrail);
    }

    /** Opens a new target in a directory with this name. */
    AppendTarget open(String name) throws IOException {
        return target.open(path(name), tenants);
    }

    Path path(String name) {
        return Path.of(directory).resolve(name);
    }

    SampleEvents samples() throws IOException {
        return SampleEvents.of(size, Path.of(cloudtrail));
    }

    TenantSequence sequence() {
        return TenantSequence.of(distribution, tenants);
    }
}
