package dev.evidencevault;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a vault is doing at a moment.
 *
 * @param events how many events have become durable since it was opened
 * @param queuedEvents how many wait for the disk
 * @param queuedBytes how many bytes these have
 * @param unsealedBytes how many bytes of durable records wait to be sealed
 * @param sealLag for how long the oldest of them has waited; zero if none waits
 * @param lastCheckpoint when the last checkpoint was signed; null if there is none yet
 * @param refusedEvents how many events have been refused since it was opened
 * @param failed whether it has stopped writing
 */
public record VaultStatus(
        long events,
        long queuedEvents,
        long queuedBytes,
        long unsealedBytes,
        Duration sealLag,
        @Nullable Instant lastCheckpoint,
        long refusedEvents,
        boolean failed) {}
