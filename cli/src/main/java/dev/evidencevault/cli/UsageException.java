package dev.evidencevault.cli;

/** What was asked for cannot be done with these arguments. The message says what was expected. */
final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UsageException(String message) {
        super(message);
    }
}
