package dev.evidencevault;

import java.io.IOException;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How a rotation of keys went.
 *
 * @param epochs the tenants whose keys were rotated, and the epoch that they have now
 * @param failures the tenants whose keys could not be rotated, and why; nothing of theirs has changed
 */
public record KeyRotation(SortedMap<String, Integer> epochs, SortedMap<String, IOException> failures) {
    /** Copies the maps. */
    public KeyRotation {
        epochs = Collections.unmodifiableSortedMap(new TreeMap<>(epochs));
        failures = Collections.unmodifiableSortedMap(new TreeMap<>(failures));
    }
}
