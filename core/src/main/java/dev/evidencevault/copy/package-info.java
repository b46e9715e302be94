/**
 * Copies of a vault's logs outside the vault: made beside its writer, each tenant's part by itself, so that one is verified,
 * searched and exported without the vault and without another tenant's part.
 *
 * <p>A {@link dev.evidencevault.copy.CopyRun} adds what is new since the run before and signs what it added
 * ({@link dev.evidencevault.copy.CopyManifest}); a {@link dev.evidencevault.copy.FetchedCopy} is one tenant's part of a copy
 * that lies elsewhere. Nobody writes a log in a copy: {@link dev.evidencevault.Continuation} goes on in a new vault.
 * Format: {@code docs/formats/copy.md}; why: {@code docs/decisions/0032-copies.md}.
 */
@NullMarked
package dev.evidencevault.copy;

import org.jspecify.annotations.NullMarked;
