/**
 * What the vault costs, beside what it replaces. One class a question: {@link
 * dev.evidencevault.benchmarks.AppendThroughput}. Its peers stand behind {@link
 * dev.evidencevault.benchmarks.AppendTarget} and are measured in the same run, with the same events.
 */
@NullMarked
package dev.evidencevault.benchmarks;

import org.jspecify.annotations.NullMarked;
