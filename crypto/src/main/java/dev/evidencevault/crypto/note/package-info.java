/**
 * Signed notes, checkpoints and cosignatures as C2SP writes them (c2sp.org/signed-note, c2sp.org/tlog-checkpoint and
 * c2sp.org/tlog-cosignature, version 1).
 *
 * <p>A {@link dev.evidencevault.crypto.note.SignedNote} is text with signature lines; a
 * {@link dev.evidencevault.crypto.note.Checkpoint} is what the text of a tree head says. Parsed notes are unverified
 * until {@link dev.evidencevault.crypto.note.NoteVerifier#verifies} says otherwise. A cosignature is a signature line
 * with a time, by which somebody vouches for a checkpoint, as a witness does for another's log: it is unverified until
 * {@link dev.evidencevault.crypto.note.CosignatureVerifier#verify} says otherwise. Stock clients of the specifications
 * read what is written here. All types are immutable and safe for use by several threads.
 */
@NullMarked
package dev.evidencevault.crypto.note;

import org.jspecify.annotations.NullMarked;
