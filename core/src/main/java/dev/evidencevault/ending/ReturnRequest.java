package dev.evidencevault.ending;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.cases.Order;
import dev.evidencevault.cases.OrderRefusedException;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.Timestamps;
import org.jspecify.annotations.Nullable;

/**
 * That a tenant is to get back all that is kept of it. Immutable.
 *
 * @param tenant whose data
 * @param contract why: the contract that ends, or the request; stands in the bundles as the legal basis
 * @param requestedBy who asks for it
 * @param approvedBy who approved it, another person
 */
public record ReturnRequest(String tenant, String contract, String requestedBy, String approvedBy) {
    /**
     * Returns the order for a part of the records, by the time at which the vault recorded them.
     *
     * @param part the number of the part, from 1
     * @param parts how many there are
     * @param from the earliest time, in nanoseconds since 1970; null for no bound
     * @param to the first time that is not asked for any more; null for no bound
     * @throws OrderRefusedException if a text is missing or too long, or both persons are the same
     */
    Order order(int part, int parts, @Nullable Long from, @Nullable Long to) throws OrderRefusedException {
        ObjectNode json = Json.object()
                .put("order", "return of all records, part " + part + " of " + parts)
                .put("issuer", tenant)
                .put("legalBasis", contract)
                .put("tenant", tenant);
        if (from != null || to != null) {
            json.put("clock", "recorded");
        }
        if (from != null) {
            json.put("from", Timestamps.format(from));
        }
        if (to != null) {
            json.put("to", Timestamps.format(to));
        }
        return Order.parse(Json.bytes(json.put("requestedBy", requestedBy).put("approvedBy", approvedBy)));
    }
}
