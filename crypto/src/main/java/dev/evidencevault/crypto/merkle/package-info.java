/**
 * The Merkle tree of RFC 6962 section 2.1 over SHA-256, and what can be proven with it.
 *
 * <p>{@link dev.evidencevault.crypto.merkle.HashTree} is the prover's side and holds every node.
 * {@link dev.evidencevault.crypto.merkle.CompactRange} holds only the maximal perfect subtrees of a run of leaves: it is
 * what a writer keeps of a growing tree, and what stands in a proof for leaves that are not shown.
 * {@link dev.evidencevault.crypto.merkle.TreeProofs} is the checker's side and touches nothing but its arguments.
 * Everything here is pure: no input, no output, no keys, no clock. Values are immutable; the two builders are for one
 * thread at a time.
 */
@NullMarked
package dev.evidencevault.crypto.merkle;

import org.jspecify.annotations.NullMarked;
