package dev.evidencevault.deposit;

/** What a set of deposits holds. The two never mix: each has its own directory and its own keys. */
public enum DepositKind {
    /** Data of one tenant. */
    TENANT(1, "tenant"),
    /** The configuration of the service itself. */
    SERVICE(2, "service");

    private final byte code;
    private final String label;

    DepositKind(int code, String label) {
        this.code = (byte) code;
        this.label = label;
    }

    byte code() {
        return code;
    }

    /** Returns the word in items and on the command line. */
    public String label() {
        return label;
    }
}
