/**
 * Verification of vaults and bundles: from formats, files and public keys, never through what wrote them.
 *
 * <p>The result is a {@link dev.evidencevault.verify.VerificationReport}: for every
 * {@link dev.evidencevault.verify.Claim} what was found, with its reason. Damage and tampering are findings, not
 * exceptions; an exception means that something could not be read at all.
 */
@NullMarked
package dev.evidencevault.verify;

import org.jspecify.annotations.NullMarked;
