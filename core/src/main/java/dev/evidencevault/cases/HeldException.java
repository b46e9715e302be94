package dev.evidencevault.cases;

/** Records must be kept. The message names the hold. */
public final class HeldException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Creates the exception. */
    public HeldException(String message) {
        super(message);
    }
}
