/**
 * How an order is answered: what it asks for, who approved it, and every step until it is closed.
 *
 * <p>An {@link dev.evidencevault.cases.Order} is read from what the authority or the provider's lawyers wrote; it is
 * refused where it could be understood in two ways. A {@link dev.evidencevault.cases.Case} is a chain of steps
 * ({@link dev.evidencevault.cases.CaseStep}, each with a {@link dev.evidencevault.cases.StepBody}) that persons of the
 * {@link dev.evidencevault.cases.PersonRegister} signed; it is there only if every step was permitted. A
 * {@link dev.evidencevault.cases.CaseDesk} is where steps are made, {@link dev.evidencevault.cases.Holds} what has to be asked
 * before records are removed, and a {@link dev.evidencevault.cases.CaseRecord} what the logs hold of a step.
 *
 * <p>What is read is immutable; desks may be used by several threads, and steps are written by one process at a time.
 * Formats: {@code docs/formats/order.md} and {@code docs/formats/case.md}.
 */
@NullMarked
package dev.evidencevault.cases;

import org.jspecify.annotations.NullMarked;
