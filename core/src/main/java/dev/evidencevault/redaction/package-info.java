/**
 * Fields that are withheld from what is handed over, after the fact, so that the rest still verifies and what is missing is
 * seen as withheld, under which rule and why.
 *
 * <p>A {@link dev.evidencevault.redaction.Redaction} is a list of rules, each for a
 * {@link dev.evidencevault.redaction.FieldPath}; a case makes it and another person approves it. A
 * {@link dev.evidencevault.redaction.RedactedRecord} is a record to which it was applied, and
 * {@link dev.evidencevault.redaction.RedactionCheck} says whether that was done as the rules say. All are immutable but the
 * last, which is for one thread. Formats: {@code docs/formats/record.md} and {@code docs/formats/bundle.md}.
 */
@NullMarked
package dev.evidencevault.redaction;

import org.jspecify.annotations.NullMarked;
