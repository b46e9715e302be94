package dev.evidencevault.deposit;

import dev.evidencevault.crypto.aead.DataKey;
import dev.evidencevault.crypto.keys.TenantKeys;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.LogId;
import dev.evidencevault.storage.Layout.LogDirectory;
import java.nio.file.Path;

/**
 * Whose deposits are meant.
 *
 * @param kind what they are of
 * @param logId the log
 * @param directory where the log lies
 * @param keys the log's keys
 * @param packs where packs are read; all else is in the directory
 */
public record Depositor(DepositKind kind, LogId logId, LogDirectory directory, TenantKeys keys, PackSource packs) {
    /** Joins the parts, with the packs in the directory. */
    public Depositor(DepositKind kind, LogId logId, LogDirectory directory, TenantKeys keys) {
        this(kind, logId, directory, keys, new PacksInDirectory(directory));
    }

    /** Returns the key that a file was written under. */
    DataKey key(Path file, long number, byte[] salt, Digest commitment) throws CorruptFileException {
        if (!keys.takesDeposits()) {
            throw new CorruptFileException(file, 0, "log " + logId + " has no key for deposits");
        }
        return keys.depositKey(number, salt, commitment)
                .orElseThrow(() -> new CorruptFileException(file, 0, "the file is not under a key of log " + logId));
    }
}
