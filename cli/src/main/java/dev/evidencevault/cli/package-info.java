/**
 * The command line tool: one class a command.
 *
 * <p>Results go to standard output, progress and messages to standard error. Nothing is asked unless a person is at the
 * terminal. {@link dev.evidencevault.cli.ExitCode} says how a command ended.
 */
@NullMarked
package dev.evidencevault.cli;

import org.jspecify.annotations.NullMarked;
