/** The end of a contract: what a tenant gets back. */
@NullMarked
package dev.evidencevault.ending;

import org.jspecify.annotations.NullMarked;
