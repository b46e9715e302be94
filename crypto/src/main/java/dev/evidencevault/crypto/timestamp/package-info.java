/**
 * Time stamps of third parties (RFC 3161): an authority signs that a SHA-256 digest existed at a time by its clock.
 *
 * <p>A {@link dev.evidencevault.crypto.timestamp.TimeStampClient} asks a
 * {@link dev.evidencevault.crypto.timestamp.TimeStampAuthority} and returns the bytes of its answer, which
 * {@code openssl ts -verify -in} reads too. A parsed {@link dev.evidencevault.crypto.timestamp.TimeStamp} is unverified
 * until {@link dev.evidencevault.crypto.timestamp.TimeStamp#verify} says otherwise; what it then says, and what it does
 * not look at (above all revocation), stands there. Verification needs no network and asks no clock. Unless a type says
 * otherwise it is immutable and safe for use by several threads.
 */
@NullMarked
package dev.evidencevault.crypto.timestamp;

import org.jspecify.annotations.NullMarked;
