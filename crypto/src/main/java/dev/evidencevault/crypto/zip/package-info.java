/**
 * ZIP files in one spelling: every byte follows from the names and contents of the files in them, so that nothing can hide
 * between them and no two readers see different files. See {@link dev.evidencevault.crypto.zip.StoredZip}.
 *
 * @see <a href="https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT">PKWARE APPNOTE 6.3.10</a>
 */
@NullMarked
package dev.evidencevault.crypto.zip;

import org.jspecify.annotations.NullMarked;
