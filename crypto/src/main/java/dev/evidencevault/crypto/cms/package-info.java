/**
 * Signatures over files, and files sealed to a recipient: CMS (RFC 5652) with X.509 certificates, as OpenSSL 3.0 reads it.
 *
 * <p>A {@link dev.evidencevault.crypto.cms.CertifiedKey} comes from PEM files, a PKCS #12 file, or a key store that the
 * caller opened, of a device too. A {@link dev.evidencevault.crypto.cms.CadesSigner} signs with it; a parsed
 * {@link dev.evidencevault.crypto.cms.CadesSignature} is unverified until its {@code verify} gives a
 * {@link dev.evidencevault.crypto.cms.CadesVerdict}. {@link dev.evidencevault.crypto.cms.SealedFile} encrypts a file to
 * {@link dev.evidencevault.crypto.cms.RecipientCertificate}s and opens it. Nothing here uses the network; revocation of
 * certificates is not looked at. Unless a type says otherwise it is immutable and safe for use by several threads.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5652">RFC 5652, Cryptographic Message Syntax</a>
 */
@NullMarked
package dev.evidencevault.crypto.cms;

import org.jspecify.annotations.NullMarked;
