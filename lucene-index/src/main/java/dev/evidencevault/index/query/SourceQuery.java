package dev.evidencevault.index.query;

import dev.evidencevault.format.LogRecord;

/**
 * A condition on the address that an event came from. A source that is no address does not match.
 *
 * @param network the addresses that match
 */
public record SourceQuery(Network network) implements EventQuery {
    @Override
    public boolean matches(LogRecord record) {
        return QueryField.SOURCE.any(record, found -> {
            Network address = Network.address(found);
            return address != null && network.contains(address);
        });
    }

    @Override
    public String toString() {
        return QueryField.SOURCE.label() + ":" + Spelling.of(network.toString());
    }
}
