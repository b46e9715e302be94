package dev.evidencevault.shred;

/** Keys are not destroyed. The message says why. */
public final class ShredRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Creates the exception. */
    public ShredRefusedException(String reason) {
        super(reason);
    }
}
