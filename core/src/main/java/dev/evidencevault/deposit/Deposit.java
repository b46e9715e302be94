package dev.evidencevault.deposit;

import dev.evidencevault.format.Json;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is said of something that is deposited. Immutable.
 *
 * @param name what it is called, 1 to 1,024 UTF-16 code units; put again under the same name it is a later state of the same
 * @param service which service's it is, 1 to 256
 * @param labels anything else, at most 64: a name of 1 to 64 and a value of at most 1,024 each
 */
public record Deposit(String name, String service, SortedMap<String, String> labels) {
    private static final int NAME_CHARS_MAX = 1024;
    private static final int SERVICE_CHARS_MAX = 256;
    private static final int LABELS_MAX = 64;
    private static final int LABEL_CHARS_MAX = 64;
    private static final int VALUE_CHARS_MAX = 1024;

    /**
     * Checks the texts and copies the labels.
     *
     * @throws IllegalArgumentException if one is too long or has control characters
     */
    public Deposit {
        require("name", name, 1, NAME_CHARS_MAX);
        require("service", service, 1, SERVICE_CHARS_MAX);
        if (labels.size() > LABELS_MAX) {
            throw new IllegalArgumentException("a deposit has at most 64 labels, found " + labels.size());
        }
        labels.forEach((label, value) -> {
            require("label", label, 1, LABEL_CHARS_MAX);
            require("label's value", value, 0, VALUE_CHARS_MAX);
        });
        labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
    }

    /** Describes a deposit without labels. */
    public static Deposit of(String name, String service) {
        return new Deposit(name, service, new TreeMap<>(Map.of()));
    }

    private static void require(String what, String text, int least, int most) {
        if (text.length() < least
                || text.length() > most
                || Json.hasHalfPair(text)
                || text.codePoints().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("a deposit's " + what + " has " + least + " to " + most
                    + " characters and no control characters, found " + text.length() + " characters");
        }
    }
}
