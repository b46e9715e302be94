/**
 * Who holds which key, from the passphrase down.
 *
 * <p>A {@link dev.evidencevault.crypto.keys.VaultSecret} is what a person or a service gives.
 * {@link dev.evidencevault.crypto.keys.KeyEncryption} makes the key-encryption key from it and wraps keysets (Tink)
 * with associated data that says whose they are. {@link dev.evidencevault.crypto.keys.TenantKeys} is one tenant's
 * keyset: content, journal, salt, pseudonym and index keys, none derived from another.
 * {@link dev.evidencevault.crypto.keys.NodeKeys} is the vault's own: signing, names, blinding.
 */
@NullMarked
package dev.evidencevault.crypto.keys;

import org.jspecify.annotations.NullMarked;
