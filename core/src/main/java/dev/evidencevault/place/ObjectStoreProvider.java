package dev.evidencevault.place;

import java.io.IOException;
import java.util.Map;

/** A kind of store that is not a directory, found by {@link java.util.ServiceLoader}. */
public interface ObjectStoreProvider {
    /** Returns the beginning of the names of its places, up to the colon, in lower case, such as {@code s3}. */
    String scheme();

    /**
     * Opens a store.
     *
     * @param location the place as the user gave it, beginning with the scheme and {@code ://}
     * @param environment where credentials and settings may stand that belong in no name
     * @throws IllegalArgumentException if the name is none of a place of this kind
     */
    ObjectStore open(String location, Map<String, String> environment) throws IOException;
}
