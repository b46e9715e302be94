/**
 * What a production order asks for.
 *
 * <p>An {@link dev.evidencevault.cases.Order} is read from what the authority or the provider's lawyers wrote; it is
 * refused where it could be understood in two ways. Format: {@code docs/formats/order.md}.
 */
@NullMarked
package dev.evidencevault.cases;

import org.jspecify.annotations.NullMarked;
