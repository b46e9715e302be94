package dev.evidencevault.verify;

import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.VaultLock;
import java.io.IOException;

/** What the vault's writer may have left in between two steps, and what therefore is no sign of tampering. */
enum WriterState {
    /** No process writes the vault, and the last one closed it: every step was finished. */
    CLOSED,
    /** No process writes it, and the last one did not close it: reopening it finishes what was begun. */
    KILLED,
    /** A process writes it now. */
    WRITING;

    static WriterState of(Layout layout) throws IOException {
        if (VaultLock.isHeld(layout.lock())) {
            return WRITING;
        }
        return Layout.list(layout.journals()).isEmpty() ? CLOSED : KILLED;
    }
}
