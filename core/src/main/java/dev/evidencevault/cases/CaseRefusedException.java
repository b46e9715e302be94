package dev.evidencevault.cases;

/** A step is refused. The message says why; the refusal was recorded. */
public final class CaseRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Creates the exception. */
    public CaseRefusedException(String reason) {
        super(reason);
    }
}
