/**
 * From an order to a bundle.
 *
 * <p>An {@link dev.evidencevault.evidence.EvidenceExport} reads one tenant's log, selects what the order asks for, and
 * writes an evidence bundle that shows it is unchanged and complete, with papers, a report and two programs that verify
 * beside the evidence. It changes nothing in the vault and works beside a
 * writer. Format of what comes out: {@code docs/formats/bundle.md}.
 */
@NullMarked
package dev.evidencevault.evidence;

import org.jspecify.annotations.NullMarked;
