package dev.evidencevault.place;

/**
 * An object that a store has.
 *
 * @param key its key
 * @param bytes its length
 */
public record StoredObject(String key, long bytes) {}
