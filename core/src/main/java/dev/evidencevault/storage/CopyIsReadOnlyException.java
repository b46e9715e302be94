package dev.evidencevault.storage;

import java.io.IOException;
import java.nio.file.Path;

/** Something was to be written into a copy of a vault's logs. The message says what to do instead. */
public final class CopyIsReadOnlyException extends IOException {
    private static final long serialVersionUID = 1L;

    CopyIsReadOnlyException(Path root) {
        super(root
                + " is a copy, which nobody writes: its vault may have gone on and given out the positions that would"
                + " come next. Search it, export from it and verify it as it is; to go on writing after the vault was lost,"
                + " make a new one with evault init --continues " + root);
    }
}
