/**
 * The papers of a bundle: what counsel, courts and other tools want to have beside records and proofs.
 *
 * <p>{@link dev.evidencevault.papers.Papers} reads the files of a bundle once, record by record, and writes tables, an
 * inventory, templates of certificates, convenience copies and statements from them. Nothing of it is evidence: the records
 * in {@code data/records} are, and whatever a paper says can be read from the bundle again. While it reads, it checks that
 * every record is one of the order's tenant, and writes nothing that could be handed over if one is not. What each paper is
 * and what it does not say: {@code docs/papers.md}.
 */
@NullMarked
package dev.evidencevault.papers;

import org.jspecify.annotations.NullMarked;
