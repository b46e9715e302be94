package dev.evidencevault.kms;

import dev.evidencevault.crypto.keys.KeySource;
import java.util.Map;

/** A kind of key management service, found by {@link java.util.ServiceLoader}. */
public interface KeySourceProvider {
    /** Returns the beginning of the names of its keys, up to the colon, such as {@code aws-kms}. */
    String scheme();

    /**
     * Opens the source of a key. Nothing is asked of the service yet.
     *
     * @param uri the key's name, beginning with the scheme and {@code ://}
     * @param environment where credentials and settings stand that belong in no name
     * @throws IllegalArgumentException if the name is none of a key of this kind, or a credential is missing
     */
    KeySource open(String uri, Map<String, String> environment);
}
