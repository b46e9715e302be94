/**
 * The search index of one tenant: a fragment for every large segment and one for several small ones, in which a document is a block of
 * some hundred records.
 *
 * <p>{@link dev.evidencevault.index.LuceneIndexer} builds fragments in memory while segments are sealed, and later merges
 * neighbours; the core encrypts what is written. A {@link dev.evidencevault.index.TenantIndex} asks the fragments which blocks
 * can hold what an {@link dev.evidencevault.index.query.EventQuery} asks for, decrypts those, and lets the records decide. So the
 * index can make a search slow, never wrong: where it is missing or damaged, all blocks are read. What was decrypted of it is
 * in one {@link dev.evidencevault.index.FragmentCache} with a bound for all tenants. {@link
 * dev.evidencevault.index.IndexMaintenance} compares it with the log and makes it anew. Nothing of it is on a disk in plain
 * text, and no other tenant's is opened. Format: {@code docs/formats/index.md}; decisions: 0008 and 0027.
 */
@NullMarked
package dev.evidencevault.index;

import org.jspecify.annotations.NullMarked;
