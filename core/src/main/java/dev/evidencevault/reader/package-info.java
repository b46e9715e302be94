/**
 * Reading a vault, beside its writer or without one: nothing here changes a file.
 *
 * <p>A {@link dev.evidencevault.reader.VaultReader} knows the tenants; a
 * {@link dev.evidencevault.reader.TenantReader} is the handle of one and reads what is sealed and what is not yet.
 */
@NullMarked
package dev.evidencevault.reader;

import org.jspecify.annotations.NullMarked;
