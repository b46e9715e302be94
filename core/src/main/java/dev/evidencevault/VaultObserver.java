package dev.evidencevault;

import java.time.Duration;

/**
 * Is told of what a vault does, for metrics. Called by the vault's threads: implementations are fast, throw nothing and are
 * safe for use by several threads. Nothing that is told holds anything of an event's content or a tenant's name.
 */
public interface VaultObserver {
    /**
     * Events have become durable in one sync.
     *
     * @param events how many
     * @param bytes how many bytes were written to the journal for them
     * @param disk how long writing and syncing took
     * @param latency how long the one that had waited longest took, from the call of append to its being durable
     */
    default void committed(long events, long bytes, Duration disk, Duration latency) {}

    /**
     * Logs have been sealed and anchored.
     *
     * @param logs how many
     * @param events how many of their records
     * @param took how long it took
     */
    default void sealed(int logs, long events, Duration took) {}

    /**
     * Events have been refused.
     *
     * @param reason why
     * @param events how many
     */
    default void refused(AppendRefusedException.Reason reason, long events) {}

    /**
     * A checkpoint was not delivered to a sink; it will be tried again.
     *
     * @param sink the sink's name
     */
    default void deliveryFailed(String sink) {}
}
