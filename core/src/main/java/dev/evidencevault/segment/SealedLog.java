package dev.evidencevault.segment;

import dev.evidencevault.crypto.keys.TenantKeys;
import dev.evidencevault.format.LogId;
import dev.evidencevault.storage.Layout.LogDirectory;

/**
 * The sealed part of one log: where it lies and the keys that open it.
 *
 * @param logId the log
 * @param directory where it lies
 * @param keys its keys
 */
public record SealedLog(LogId logId, LogDirectory directory, TenantKeys keys) {}
