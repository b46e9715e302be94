package dev.evidencevault.segment;

import java.io.IOException;
import java.io.Serial;
import java.nio.file.Path;

/** Records were asked for whose keys were destroyed, as the log itself says. Their leaf hashes and the seal are still there. */
public final class DestroyedRecordsException extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    DestroyedRecordsException(Path segment) {
        super(segment + ": the records of this segment were destroyed when their time was over (evault retention)");
    }
}
