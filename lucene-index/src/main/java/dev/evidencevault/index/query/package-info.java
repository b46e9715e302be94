/**
 * What events are looked for, as an object and as a line of text.
 *
 * <p>{@link dev.evidencevault.index.query.EventQuery} is both: conditions on the fields and texts of an event, joined by and,
 * or and not. It decides about one record; which blocks of a log are worth looking at is the concern of the package above.
 * The language is taught and defined in {@code docs/search.md}.
 */
@NullMarked
package dev.evidencevault.index.query;

import org.jspecify.annotations.NullMarked;
