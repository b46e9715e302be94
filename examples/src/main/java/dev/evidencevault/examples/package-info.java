/** The shortest program that writes evidence and reads it back: {@link dev.evidencevault.examples.Quickstart}. */
@NullMarked
package dev.evidencevault.examples;

import org.jspecify.annotations.NullMarked;
