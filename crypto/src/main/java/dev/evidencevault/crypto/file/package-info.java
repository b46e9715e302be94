/**
 * Files that appear whole or not at all ({@link dev.evidencevault.crypto.file.PendingFile}), and why a file that was
 * encrypted to somebody did not open ({@link dev.evidencevault.crypto.file.UnopenedFileException}).
 */
@NullMarked
package dev.evidencevault.crypto.file;

import org.jspecify.annotations.NullMarked;
