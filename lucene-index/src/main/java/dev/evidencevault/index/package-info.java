/**
 * The search index of one tenant: a small Lucene index for every sealed segment, in which a document is a block of some
 * hundred records.
 *
 * <p>{@link dev.evidencevault.index.LuceneIndexer} builds a fragment in memory while a segment is sealed; the core
 * encrypts it before it is written. {@link dev.evidencevault.index.TenantSearch} asks the fragments which blocks can hold
 * what an {@link dev.evidencevault.index.query.EventQuery} asks for, decrypts those and looks at every record of them. So the
 * index can make a search slow, never wrong: where it is missing or damaged, all blocks are read. Nothing of it is on a
 * disk in plain text, and no other tenant's is opened. Format: {@code docs/formats/index.md}.
 */
@NullMarked
package dev.evidencevault.index;

import org.jspecify.annotations.NullMarked;
