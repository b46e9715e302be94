/**
 * Signed notes and checkpoints as C2SP writes them (c2sp.org/signed-note and c2sp.org/tlog-checkpoint, version 1).
 *
 * <p>A {@link dev.evidencevault.crypto.note.SignedNote} is text with signature lines; a
 * {@link dev.evidencevault.crypto.note.Checkpoint} is what the text of a tree head says. Parsed notes are unverified
 * until {@link dev.evidencevault.crypto.note.NoteVerifier#verifies} says otherwise. Stock clients of both
 * specifications read what is written here. All types are immutable and safe for use by several threads.
 */
@NullMarked
package dev.evidencevault.crypto.note;

import org.jspecify.annotations.NullMarked;
