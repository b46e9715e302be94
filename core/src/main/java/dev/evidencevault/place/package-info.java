/**
 * Places outside the vault where copies lie: what an object store has to do, a directory that does it, and how one is found
 * by the name that a user gives it.
 *
 * <p>An {@link dev.evidencevault.place.ObjectStore} keeps objects under keys. Objects appear whole or not at all, and those
 * that are kept never change; what may change or go, such as wrapped keys, is put apart. Other kinds of store come as
 * {@link dev.evidencevault.place.ObjectStoreProvider}s, which this module does not know. Format of a copy:
 * {@code docs/formats/copy.md}.
 */
@NullMarked
package dev.evidencevault.place;

import org.jspecify.annotations.NullMarked;
