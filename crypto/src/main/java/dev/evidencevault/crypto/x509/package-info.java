/**
 * What time stamps, signatures and sealing share of X.509 and ASN.1: values in one spelling
 * ({@link dev.evidencevault.crypto.x509.DerForm}), and certificates up to a trust anchor
 * ({@link dev.evidencevault.crypto.x509.CertificateChain}). For this module only. Everything is immutable and safe for
 * use by several threads.
 */
@NullMarked
package dev.evidencevault.crypto.x509;

import org.jspecify.annotations.NullMarked;
