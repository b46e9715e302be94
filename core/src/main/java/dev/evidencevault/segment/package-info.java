/**
 * Segments: the immutable files in which a log lies, encrypted, with the leaf hashes that let anyone check them.
 *
 * <p>A {@link dev.evidencevault.segment.SegmentWriter} writes one from records that have their places; a
 * {@link dev.evidencevault.segment.SegmentFile} reads it without a key as far as that goes;
 * {@link dev.evidencevault.segment.SegmentContent} reads its records with the tenant's keys. Format:
 * {@code docs/formats/segment.md}.
 */
@NullMarked
package dev.evidencevault.segment;

import org.jspecify.annotations.NullMarked;
