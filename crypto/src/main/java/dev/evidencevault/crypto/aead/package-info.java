/**
 * Authenticated encryption of whole blocks under keys that are used for one file only.
 *
 * <p>A {@link dev.evidencevault.crypto.aead.DataKey} is derived from a tenant's key and the file's 32 random bytes, so
 * that no two files share one; it hands out its nonces itself, counting up, so that none can be used twice. Its
 * commitment binds the file to that one key, which neither {@link dev.evidencevault.crypto.aead.FileCipher} alone does.
 */
@NullMarked
package dev.evidencevault.crypto.aead;

import org.jspecify.annotations.NullMarked;
