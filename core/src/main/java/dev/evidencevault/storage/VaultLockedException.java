package dev.evidencevault.storage;

import java.io.IOException;

/** Another process is writing the vault. The message names it. */
public final class VaultLockedException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception. */
    public VaultLockedException(String message) {
        super(message);
    }
}
