/**
 * The journal: where an event is durable first, shared by all tenants, encrypted for each, and soon gone again.
 *
 * <p>A {@link dev.evidencevault.journal.JournalWriter} appends commits, each one frame a tenant; a
 * {@link dev.evidencevault.journal.JournalReader} reads frames back and tells a torn tail, which a crash leaves, from
 * damage, which it does not. A file is written in one process life only. Format: {@code docs/formats/journal.md}.
 */
@NullMarked
package dev.evidencevault.journal;

import org.jspecify.annotations.NullMarked;
