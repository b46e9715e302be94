/**
 * Containers of files and signatures over them: ASiC-E with CAdES (ETSI EN 319 162-1), in one spelling. Format:
 * {@code docs/formats/container.md}.
 *
 * <p>{@link dev.evidencevault.crypto.asic.AsicWriter} makes a container with a signature over all of its files, and adds
 * further ones of other people. An {@link dev.evidencevault.crypto.asic.AsicContainer} that was opened is unverified;
 * {@link dev.evidencevault.crypto.asic.AsicContainer#verify} gives a finding for each signature. Nothing here uses the
 * network.
 */
@NullMarked
package dev.evidencevault.crypto.asic;

import org.jspecify.annotations.NullMarked;
