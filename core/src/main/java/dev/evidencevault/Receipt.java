package dev.evidencevault;

import java.time.Instant;

/**
 * Says that an event is on disk.
 *
 * @param seq its index in the tenant's log
 * @param recordedAt when the vault took it, never before its predecessor
 */
public record Receipt(long seq, Instant recordedAt) {}
