/**
 * Metrics of a vault for Micrometer, which is an optional dependency: whoever uses this package adds {@code
 * io.micrometer:micrometer-core} to the class path. Meters have no tag that tells of a tenant.
 */
@NullMarked
package dev.evidencevault.metrics;

import org.jspecify.annotations.NullMarked;
