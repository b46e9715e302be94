package dev.evidencevault.importer;

/** A line cannot become an event; the message is the reason. */
final class UnusableLineException extends Exception {
    private static final long serialVersionUID = 1;

    UnusableLineException(String reason) {
        super(reason);
    }
}
