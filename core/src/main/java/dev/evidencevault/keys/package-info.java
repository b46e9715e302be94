/**
 * What keys there are, for people: who has to know which key protects what, since when, and where it is kept.
 *
 * <p>{@link dev.evidencevault.keys.KeyInventory} reads it from a vault, {@link dev.evidencevault.keys.KeyReport} tells it, and
 * {@link dev.evidencevault.keys.KeyCheck} tries every key on what it has to open. None of them shows a secret.
 */
@NullMarked
package dev.evidencevault.keys;

import org.jspecify.annotations.NullMarked;
