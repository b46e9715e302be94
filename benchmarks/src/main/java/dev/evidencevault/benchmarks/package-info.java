/**
 * What the vault costs, beside what it replaces. {@link dev.evidencevault.benchmarks.Table} measures whole runs, each in
 * a JVM of its own, and prints tables; one class a measurement ({@link dev.evidencevault.benchmarks.Measurement}). The
 * other classes are JMH benchmarks, one a question. What is measured stands behind {@link
 * dev.evidencevault.benchmarks.targets.AppendTarget}.
 */
@NullMarked
package dev.evidencevault.benchmarks;

import org.jspecify.annotations.NullMarked;
