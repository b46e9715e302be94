/**
 * A document service for several tenants that embeds the vault, from the HTTP request to the evidence.
 *
 * <p>{@link dev.evidencevault.examples.documents.HttpFront} turns an exchange into a request,
 * {@link dev.evidencevault.examples.documents.DocumentService} decides it,
 * {@link dev.evidencevault.examples.documents.AuditTrail} puts the decision on disk, and only then is it carried out and
 * answered. {@link dev.evidencevault.examples.documents.DocumentServer} puts the parts together.
 *
 * <p>It is there to be read. Its tokens are a table in memory and its documents are lost when it ends.
 */
@NullMarked
package dev.evidencevault.examples.documents;

import org.jspecify.annotations.NullMarked;
