/**
 * Witnesses: servers that others run, which cosign a log's checkpoints after checking that it only grew
 * (c2sp.org/tlog-witness, version 1).
 *
 * <p>A {@link dev.evidencevault.witness.Witness} is an address and the keys that are believed there. The
 * {@link dev.evidencevault.witness.WitnessClient} submits a checkpoint to one and gets a
 * {@link dev.evidencevault.witness.WitnessAnswer}; what it returns as a
 * {@link dev.evidencevault.witness.Cosignature} has been verified. All types are safe for use by several threads.
 */
@NullMarked
package dev.evidencevault.witness;

import org.jspecify.annotations.NullMarked;
