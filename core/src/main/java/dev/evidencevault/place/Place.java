package dev.evidencevault.place;

import java.util.Arrays;
import java.util.Comparator;

/**
 * A place where records lie, as the vault's register has it: which law holds there, and what it is for. Immutable.
 *
 * @param name 1 to 64 of {@code a-z 0-9 -}
 * @param jurisdiction a country by its two letters (ISO 3166-1 alpha-2)
 * @param kind what lies there, and nothing else
 * @param location where it is: the path of a directory, or what opens a store, without credentials; 1 to 1,024 characters
 */
public record Place(String name, String jurisdiction, Kind kind, String location) implements Comparable<Place> {
    private static final int LOCATION_CHARS_MAX = 1024;

    /** What lies at a place. */
    public enum Kind {
        /** The vault itself. */
        VAULT("vault"),
        /** Copies of tenants' logs. */
        LOGS("logs"),
        /** Copies of what is the service's own. */
        CONFIGURATION("configuration");

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        /** Returns the word in the register. */
        public String label() {
            return label;
        }

        /**
         * Returns the kind of a word.
         *
         * @throws IllegalArgumentException if it is none
         */
        public static Kind ofLabel(String label) {
            return Arrays.stream(values())
                    .filter(kind -> kind.label.equals(label))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "expected a place for vault, logs or configuration, found " + label));
        }
    }

    /** Checks the parts. */
    public Place {
        if (!name.matches("[a-z0-9-]{1,64}")) {
            throw new IllegalArgumentException("a place's name has 1 to 64 of a-z, 0-9 and -, found " + name);
        }
        requireJurisdiction(jurisdiction);
        if (location.isEmpty()
                || location.length() > LOCATION_CHARS_MAX
                || location.codePoints().anyMatch(c -> Character.isISOControl(c) || c >= 0xD800 && c <= 0xDFFF)) {
            throw new IllegalArgumentException(
                    "a place's location has 1 to " + LOCATION_CHARS_MAX + " characters and no control characters");
        }
    }

    /**
     * Returns a jurisdiction as it is.
     *
     * @throws IllegalArgumentException if it has not the form of one
     */
    public static String requireJurisdiction(String jurisdiction) {
        if (!jurisdiction.matches("[A-Z]{2}")) {
            throw new IllegalArgumentException(
                    "a jurisdiction is a country's two capital letters (ISO 3166-1), found " + jurisdiction);
        }
        return jurisdiction;
    }

    @Override
    public int compareTo(Place other) {
        return Comparator.comparing(Place::name).compare(this, other);
    }
}
