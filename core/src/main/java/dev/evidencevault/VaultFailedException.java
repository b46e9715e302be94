package dev.evidencevault;

/**
 * The vault cannot write any more: a write or a sync failed, or it was closed. Events without a receipt may or may not
 * be on disk; reopening the vault tells.
 */
public final class VaultFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception. */
    public VaultFailedException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Creates the exception of a vault that was closed. */
    public VaultFailedException(String message) {
        super(message);
    }
}
