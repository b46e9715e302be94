package dev.evidencevault;

import org.jspecify.annotations.Nullable;

/**
 * The vault takes no more events: it was closed, or something went wrong with the disk. Events without a receipt may be
 * lost; those with one are on disk.
 */
public final class VaultFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    VaultFailedException(String message) {
        super(message);
    }

    VaultFailedException(@Nullable String message, Throwable cause) {
        super(message, cause);
    }

    /** The vault stopped writing. */
    static VaultFailedException stopped(Throwable cause) {
        if (cause instanceof VaultFailedException failed) {
            return failed;
        }
        if (cause.getCause() instanceof VaultFailedException failed) {
            return failed;
        }
        return new VaultFailedException(
                "the vault stopped writing: " + cause.getMessage()
                        + ". Events without a receipt may be lost; close the vault, mend the cause (a full disk?)"
                        + " and open it again.",
                cause);
    }
}
