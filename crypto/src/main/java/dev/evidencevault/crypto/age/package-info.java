/**
 * Files encrypted to X25519 keys in the age format, version 1: for recipients without a certificate.
 *
 * <p>An {@link dev.evidencevault.crypto.age.AgeIdentity} is the private key that a recipient keeps, an
 * {@link dev.evidencevault.crypto.age.AgeRecipient} the public one that he gives away; both are a line of text.
 * {@link dev.evidencevault.crypto.age.AgeFile} encrypts and decrypts. Passphrases, the hybrid and tagged recipients and the
 * text armor of the specification are not read or written. Everything is immutable and safe for use by several threads.
 *
 * @see <a href="https://c2sp.org/age">C2SP age</a>
 */
@NullMarked
package dev.evidencevault.crypto.age;

import org.jspecify.annotations.NullMarked;
