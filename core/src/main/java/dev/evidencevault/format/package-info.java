/**
 * The bytes: records, leaf headers, seals, and how JSON and times are spelled. Pure, without input or output.
 *
 * <p>A {@link dev.evidencevault.format.RecordBody} becomes a line when it gets its place in a log; a
 * {@link dev.evidencevault.format.LogRecord} is such a line read back; a {@link dev.evidencevault.format.LeafHeader} is
 * what stands for it in the log's tree. The line is written once and never re-serialised. Formats:
 * {@code docs/formats/record.md}.
 */
@NullMarked
package dev.evidencevault.format;

import org.jspecify.annotations.NullMarked;
