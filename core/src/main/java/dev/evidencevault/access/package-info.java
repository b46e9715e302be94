/**
 * Who of the provider touched a tenant's records.
 *
 * <p>An {@link dev.evidencevault.access.AccessReport} puts together what the cases, the vault's own log and the tenant's log
 * say of it.
 */
@NullMarked
package dev.evidencevault.access;

import org.jspecify.annotations.NullMarked;
