/**
 * What events are appended to: the vault, and what one would use without it, behind one small interface, {@link
 * dev.evidencevault.benchmarks.targets.AppendTarget}. All peers store the line that {@link
 * dev.evidencevault.benchmarks.targets.EventLine} encodes; the vault is given the same fields as an event. {@link
 * dev.evidencevault.benchmarks.targets.SampleEvents} and {@link dev.evidencevault.benchmarks.targets.TenantSequence} are
 * made before anything is measured.
 */
@NullMarked
package dev.evidencevault.benchmarks.targets;

import org.jspecify.annotations.NullMarked;
