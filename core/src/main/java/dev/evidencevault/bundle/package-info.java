/**
 * The evidence bundle as a container: what lies where in it and how it is spelled. Format: {@code docs/formats/bundle.md}.
 *
 * <p>A bundle is a BagIt bag (RFC 8493) inside a ZIP file whose every byte follows from the files in it, so that not one
 * can change unnoticed. Nothing here knows a key or a vault; what is read is unverified. The exporter and the verifier
 * share these formats and nothing else.
 */
@NullMarked
package dev.evidencevault.bundle;

import org.jspecify.annotations.NullMarked;
