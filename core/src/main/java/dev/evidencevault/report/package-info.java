/**
 * The report of an evidence bundle: one HTML page for people, which shows what was ordered, delivered and proven, and checks
 * in the browser what it shows. What it is for and what it cannot do: {@code docs/report.md}.
 *
 * <p>{@link dev.evidencevault.report.HtmlReport} writes it. The page, its scripts and its texts are resources of this
 * package: scripts are written by hand, one idea a file, and go into the page as they are. {@code sha256.js} to
 * {@code check.js} are the check and know nothing of the page; they also run in a worker. The page makes no connection, and
 * its content policy allows none.
 */
@NullMarked
package dev.evidencevault.report;

import org.jspecify.annotations.NullMarked;
