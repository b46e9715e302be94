package dev.evidencevault.cli;

/** The passphrase or key file of a vault was not given. */
final class KeyUnavailableException extends Exception {
    private static final long serialVersionUID = 1L;

    KeyUnavailableException(String message) {
        super(message);
    }
}
