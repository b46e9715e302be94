/**
 * The file system, as far as durability hangs on it: where files lie, how they become durable, who holds the lock.
 *
 * <p>{@link dev.evidencevault.storage.Storage} has the few verbs through which everything that must survive a crash is
 * written; {@link dev.evidencevault.storage.LocalStorage} is the real one. Reading needs no such care and goes to the
 * file system directly.
 */
@NullMarked
package dev.evidencevault.storage;

import org.jspecify.annotations.NullMarked;
