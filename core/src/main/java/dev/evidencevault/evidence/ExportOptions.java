package dev.evidencevault.evidence;

import dev.evidencevault.crypto.cms.CadesSigner;
import org.jspecify.annotations.Nullable;

/**
 * How an export is made. Immutable.
 *
 * @param views whether the bundle has copies of the records for other tools ({@code data/views}); they take some three times
 *     the bytes of the records, and nothing of the proofs needs them
 * @param resume whether an export that is interrupted leaves what it has beside its target, readable to its owner alone, and
 *     one to the same target goes on from there
 * @param saveEvery after how many bytes of records and proofs that is saved, when {@code resume} is set; at least 1
 * @param progress is told how far it is
 * @param signer signs the bundle besides the vault, as a person or an organisation, into a container (ASiC-E); null to leave
 *     it the ZIP file that it is
 */
public record ExportOptions(
        boolean views,
        boolean resume,
        long saveEvery,
        ExportProgress progress,
        @Nullable CadesSigner signer) {
    private static final long SAVE_EVERY = 64 << 20;

    /** Checks the numbers. */
    public ExportOptions {
        if (saveEvery < 1) {
            throw new IllegalArgumentException("expected a number of bytes from 1, found " + saveEvery);
        }
    }

    /** Returns the options: with views, all or nothing, told to nobody, signed by the vault alone. */
    public static ExportOptions defaults() {
        return new ExportOptions(true, false, SAVE_EVERY, (phase, done, total) -> {}, null);
    }

    /** Returns these options with or without views. */
    public ExportOptions withViews(boolean with) {
        return new ExportOptions(with, resume, saveEvery, progress, signer);
    }

    /** Returns these options, to be gone on with after an interruption or not. */
    public ExportOptions withResume(boolean with) {
        return new ExportOptions(views, with, saveEvery, progress, signer);
    }

    /** Returns these options with another number of bytes between two savings. */
    public ExportOptions withSaveEvery(long bytes) {
        return new ExportOptions(views, resume, bytes, progress, signer);
    }

    /** Returns these options with another listener. */
    public ExportOptions withProgress(ExportProgress listener) {
        return new ExportOptions(views, resume, saveEvery, listener, signer);
    }

    /** Returns these options with somebody who signs the bundle into a container. */
    public ExportOptions withSigner(CadesSigner by) {
        return new ExportOptions(views, resume, saveEvery, progress, by);
    }
}
