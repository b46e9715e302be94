/**
 * Fuzzing of everything that verifies: good inputs, changed at random at every level of their structure, by who holds no key,
 * the signing key, or all keys. Whatever the input, there is a verdict, in bounded memory, and a change is not passed over.
 *
 * <p>Every input follows from a seed and a number, both of which a failure names. Long forms are for the profile {@code
 * campaign}.
 */
@NullMarked
package dev.evidencevault.fuzz;

import org.jspecify.annotations.NullMarked;
