/**
 * How long records are kept, and what is over: the signed rules of a vault, and the plan of what a log may lose under them and
 * under holds. Nothing here removes anything; {@link dev.evidencevault.Vault#applyRetention} does. Formats:
 * {@code docs/formats/retention.md}, {@code docs/formats/vault.md}.
 */
@NullMarked
package dev.evidencevault.retention;

import org.jspecify.annotations.NullMarked;
