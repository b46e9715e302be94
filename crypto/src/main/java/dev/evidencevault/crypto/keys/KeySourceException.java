package dev.evidencevault.crypto.keys;

import java.io.IOException;

/** A key management service or token cannot be reached, or refuses. What it was asked for may work later. */
public final class KeySourceException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception with the name of the key, what was expected and what was found. */
    public KeySourceException(String message) {
        super(message);
    }

    /** Creates the exception with a cause. */
    public KeySourceException(String message, Throwable cause) {
        super(message, cause);
    }
}
