/**
 * The texts of a record as they are searched: which they are, how they are folded, and what their words are.
 *
 * <p>{@link dev.evidencevault.index.text.SearchedTexts} gives the texts, {@link dev.evidencevault.index.text.Folding} makes
 * one of all ways to write the same, {@link dev.evidencevault.index.text.Words} cuts what a block's filter holds, and
 * {@link dev.evidencevault.index.text.JapaneseWords} finds the words of Japanese, which has no spaces, when a query asks
 * for one. All are for use by several threads.
 */
@NullMarked
package dev.evidencevault.index.text;

import org.jspecify.annotations.NullMarked;
