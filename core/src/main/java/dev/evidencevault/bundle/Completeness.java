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
    HEADERS("headers"),

    /**
     * By all leaf headers from the last that was recorded before the order's time to the first that was recorded after
     * it. For orders whose time is that of recording, and for no others.
     */
    RANGE("range");

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
                        "expected \"index\", \"headers\" or \"range\" for \"completeness\", found \"" + label + "\""));
    }

    /** Returns the way that shows least. */
    public static Completeness least(Order order) {
        return INDEX.answers(order) ? INDEX : strong(order);
    }

    /** Returns the way that rests on no index. */
    public static Completeness strong(Order order) {
        return order.clock() == Order.Clock.RECORDED ? RANGE : HEADERS;
    }

    /** Says whether an order can be answered so: indexes know actors and privileges, and not services alone. */
    public boolean answers(Order order) {
        boolean recorded = order.clock() == Order.Clock.RECORDED;
        return switch (this) {
            case INDEX -> !recorded && (!order.actors().isEmpty() || order.privilegedOnly());
            case HEADERS -> !recorded;
            case RANGE -> recorded;
        };
    }
}
