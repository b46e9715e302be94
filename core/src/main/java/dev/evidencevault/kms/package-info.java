/**
 * Keys that never leave a key management service: the transit engine of HashiCorp Vault and OpenBao ({@link
 * dev.evidencevault.kms.TransitKeySource}), Google Cloud KMS ({@link dev.evidencevault.kms.GoogleKeySource}). Any other service comes in by {@link dev.evidencevault.crypto.keys.KeySource#of}
 * with a client of Tink's, a token by {@link dev.evidencevault.crypto.keys.TokenKeySource}.
 */
package dev.evidencevault.kms;
