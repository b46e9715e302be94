package dev.evidencevault.cases;

/** An order cannot be followed as it stands. The message says why and what to change. */
public final class OrderRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Creates the exception. */
    public OrderRefusedException(String message) {
        super(message);
    }
}
