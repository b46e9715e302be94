/**
 * Destroying the keys of one tenant, and showing that it was done: what two persons sign ({@link
 * dev.evidencevault.shred.ShredRequest}), who looks whether it may be done ({@link dev.evidencevault.shred.ShredDesk}), and what
 * the logs tell of it ({@link dev.evidencevault.shred.ShredRecord}). {@link dev.evidencevault.Shredding} does it. What the
 * tombstone says that it leaves: {@code docs/formats/tombstone.md}; why so: {@code docs/decisions/0034-shredding.md}.
 */
@NullMarked
package dev.evidencevault.shred;

import org.jspecify.annotations.NullMarked;
