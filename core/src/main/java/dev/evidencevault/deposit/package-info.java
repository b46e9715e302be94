/**
 * Backups that are deposited with the vault: of one tenant's data, or of the service's own configuration, each under the
 * keys of its own log. Format: {@code docs/formats/deposit.md}.
 *
 * <p>{@link dev.evidencevault.deposit.TenantBackups} is the handle. What is put at once is an
 * {@link dev.evidencevault.deposit.Item}: a file, a directory or a stream, as one row of bytes that is cut into chunks where
 * its content says so. A chunk is kept once for all items of the log, in a pack; packs and items are written once and never
 * changed. The log takes each item up as a change with the digest of the item's file, which names the digests of its
 * packs: what proves the log proves the deposits.
 *
 * <p>Reading needs no lock. Who puts holds the lock of that log's deposits, and not the vault's.
 */
@NullMarked
package dev.evidencevault.deposit;

import org.jspecify.annotations.NullMarked;
