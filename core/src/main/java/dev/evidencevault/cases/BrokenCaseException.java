package dev.evidencevault.cases;

/** Steps that cannot be trusted: altered, removed, swapped, or not permitted where they stand. */
public final class BrokenCaseException extends Exception {
    private static final long serialVersionUID = 1L;

    private final long number;

    /** Creates the exception for the step of a number. */
    public BrokenCaseException(long number, String problem) {
        super("step " + number + ": " + problem);
        this.number = number;
    }

    /** Returns which step is the first that cannot be trusted. */
    public long number() {
        return number;
    }
}
