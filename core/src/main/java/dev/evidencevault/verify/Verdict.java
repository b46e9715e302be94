package dev.evidencevault.verify;

/** What can be said of a claim. In the order of their weight: of several, the last one counts. */
public enum Verdict {
    /** It is proven. */
    PASSED("passed"),
    /** It can neither be proven nor refuted with what is there. */
    INDETERMINATE("indeterminate"),
    /** It is refuted: something was changed, is missing, or is too much. */
    FAILED("failed");

    private final String label;

    Verdict(String label) {
        this.label = label;
    }

    /** Returns the word in reports. */
    public String label() {
        return label;
    }
}
