/**
 * Anchors: one signature over the heads of all logs, which says nothing of one to the reader of another.
 *
 * <p>Each {@link dev.evidencevault.anchor.Anchor} puts every log's head at its own place in a
 * {@link dev.evidencevault.anchor.SuperTree} of fixed depth, blinded afresh; its root becomes a leaf of the node's log,
 * whose signed checkpoint it carries. An {@link dev.evidencevault.anchor.AnchorProof} leads from one log's head to that
 * checkpoint in as many hashes as any other. Format: {@code docs/formats/anchor.md}.
 */
@NullMarked
package dev.evidencevault.anchor;

import org.jspecify.annotations.NullMarked;
