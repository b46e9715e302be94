/**
 * What an application sees: a {@link dev.evidencevault.Vault}, the {@link dev.evidencevault.TenantLog} of a tenant, an
 * {@link dev.evidencevault.Event} and the {@link dev.evidencevault.Receipt} that says it is on disk.
 */
@NullMarked
package dev.evidencevault;

import org.jspecify.annotations.NullMarked;
