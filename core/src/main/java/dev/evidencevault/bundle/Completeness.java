package dev.evidencevault.bundle;

import dev.evidencevault.cases.Order;
import java.util.Arrays;

/** How a bundle shows that nothing is left out which the order asks for. */
public enum Completeness {
    /**
     * By the indexes of actors that the seals hold: shows leaf headers of the order's actors only. Rests on the index
     * having been right when its segment was sealed.
     */
    INDEX("index"),

    /** By all leaf headers of the order's time: large, and rests on no index. */
    HEADERS("headers");

    private final String label;

    Completeness(String label) {
        this.label = label;
    }

    /** Returns the name that stands in files. */
    public String label() {
        return label;
    }

    /**
     * Returns the one with this name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Completeness ofLabel(String label) {
        return Arrays.stream(values())
                .filter(value -> value.label.equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "expected \"index\" or \"headers\" for \"completeness\", found \"" + label + "\""));
    }

    /** Says whether an order can be answered with indexes: they know actors and privileges, and not services alone. */
    public static boolean isIndexed(Order order) {
        return !order.actors().isEmpty() || order.privilegedOnly();
    }
}
