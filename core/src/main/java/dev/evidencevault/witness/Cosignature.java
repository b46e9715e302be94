package dev.evidencevault.witness;

import dev.evidencevault.crypto.note.CosignatureVerifier;
import dev.evidencevault.crypto.note.SignedNote;

/**
 * A cosignature that was verified when a witness gave it.
 *
 * @param key the key that it is of
 * @param timeSeconds when, by the witness's clock: seconds since 1970 (POSIX), 1 to 2^63-1. The checkpoint was the
 *     largest that the witness had seen of the log at that time
 * @param line the signature line, to stand under the note of the checkpoint
 */
public record Cosignature(CosignatureVerifier key, long timeSeconds, SignedNote.Signature line) {}
