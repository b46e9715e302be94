package dev.evidencevault.metrics;

import dev.evidencevault.AppendRefusedException.Reason;
import dev.evidencevault.Vault;
import dev.evidencevault.VaultObserver;
import dev.evidencevault.VaultStatus;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * The meters of one vault. Safe for use by several threads.
 *
 * <pre>{@code
 * VaultMeters meters = new VaultMeters(registry);
 * Vault vault = Vault.open(directory, secret, VaultOptions.defaults().withObserver(meters));
 * meters.watch(vault);
 * }</pre>
 *
 * <p>All names begin with {@code evidencevault.}: {@code append.latency} (timer: for each commit the event that waited
 * longest), {@code commit.disk} (timer: write and sync), {@code commit.events} and {@code commit.bytes} (summaries),
 * {@code seal.duration} (timer), {@code refused} (counter, tag {@code reason}), and, once a vault is watched, the gauges
 * {@code queue.events}, {@code queue.bytes}, {@code unsealed.bytes}, {@code seal.lag} and {@code checkpoint.age} (seconds;
 * not a number before the first checkpoint), and {@code failed} (1 when the vault has stopped writing).
 */
// Whoever uses it requires Micrometer anyway; whoever does not is not to be made to.
@SuppressWarnings("exports")
public final class VaultMeters implements VaultObserver {
    private static final String PREFIX = "evidencevault.";
    private static final double NANOS_PER_SECOND = 1e9;

    private final MeterRegistry registry;
    private final Timer latency;
    private final Timer disk;
    private final DistributionSummary events;
    private final DistributionSummary bytes;
    private final Timer seal;
    private final Map<Reason, Counter> refused = new EnumMap<>(Reason.class);

    /** Registers the meters that need no vault. */
    public VaultMeters(MeterRegistry registry) {
        this.registry = registry;
        this.latency = Timer.builder(PREFIX + "append.latency")
                .description("From the call of append to the event being durable, for the longest waiting of a commit")
                .register(registry);
        this.disk = Timer.builder(PREFIX + "commit.disk")
                .description("Writing and syncing commits")
                .register(registry);
        this.events = DistributionSummary.builder(PREFIX + "commit.events")
                .description("Events that became durable in one sync")
                .register(registry);
        this.bytes = DistributionSummary.builder(PREFIX + "commit.bytes")
                .baseUnit("bytes")
                .description("Bytes that were written to the journal before one sync")
                .register(registry);
        this.seal = Timer.builder(PREFIX + "seal.duration")
                .description("Sealing and anchoring what was cut at one time")
                .register(registry);
        for (Reason reason : Reason.values()) {
            refused.put(
                    reason,
                    Counter.builder(PREFIX + "refused")
                            .tag("reason", reason.name().toLowerCase(Locale.ROOT))
                            .description("Events that were refused")
                            .register(registry));
        }
    }

    /** Registers the gauges of a vault. They keep it from being collected no longer than the registry is used. */
    public void watch(Vault vault) {
        gauge(vault, "queue.events", "Events that wait for the disk", VaultStatus::queuedEvents);
        gauge(vault, "queue.bytes", "Bytes of events that wait for the disk", VaultStatus::queuedBytes);
        gauge(vault, "unsealed.bytes", "Bytes of durable records that wait to be sealed", VaultStatus::unsealedBytes);
        gauge(
                vault,
                "seal.lag",
                "For how many seconds the oldest unsealed record has waited",
                status -> seconds(status.sealLag()));
        gauge(vault, "checkpoint.age", "Seconds since the last checkpoint", VaultMeters::checkpointAge);
        gauge(vault, "failed", "1 when the vault has stopped writing", status -> status.failed() ? 1 : 0);
    }

    private void gauge(Vault vault, String name, String description, ToDoubleFunction<VaultStatus> value) {
        Gauge.builder(PREFIX + name, vault, watched -> value.applyAsDouble(watched.status()))
                .description(description)
                .register(registry);
    }

    private static double checkpointAge(VaultStatus status) {
        Instant last = status.lastCheckpoint();
        return last == null ? Double.NaN : seconds(Duration.between(last, Instant.now()));
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / NANOS_PER_SECOND;
    }

    @Override
    public void committed(long count, long size, Duration writing, Duration longest) {
        events.record((double) count);
        bytes.record((double) size);
        disk.record(writing);
        latency.record(longest);
    }

    @Override
    public void sealed(int logs, long count, Duration took) {
        seal.record(took);
    }

    @Override
    public void refused(Reason reason, long count) {
        Counter counter = refused.get(reason);
        if (counter != null) {
            counter.increment((double) count);
        }
    }
}
