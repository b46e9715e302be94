/** Proofs that stand in a file of their own, as they are spelled there. */
package dev.evidencevault.proof;
