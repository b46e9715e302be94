package dev.evidencevault.crypto.keys;

/** A key does not open what it was given: the secret is wrong, or the wrapped bytes were changed. */
public final class WrongKeyException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Creates the exception with what was expected, what was found and what to do. */
    public WrongKeyException(String message) {
        super(message);
    }
}
