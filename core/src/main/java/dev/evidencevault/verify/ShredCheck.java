package dev.evidencevault.verify;

import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.LogId;
import dev.evidencevault.segment.SealedChanges;
import dev.evidencevault.shred.ShredRecord;
import dev.evidencevault.storage.Tombstone;
import dev.evidencevault.storage.UnlockedVault;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Compares the tombstones of a vault with what its own log tells: that no log's keys were destroyed without a record, and that no
 * tombstone was taken away to have keys back. For one thread, once.
 */
final class ShredCheck {
    private final UnlockedVault vault;
    private final Findings findings;

    ShredCheck(UnlockedVault vault, Findings findings) {
        this.vault = vault;
        this.findings = findings;
    }

    void run() throws IOException {
        try {
            Map<LogId, Tombstone> tombstones = vault.destroyed();
            List<SealedChanges.Recorded<ShredRecord>> told = ShredRecord.read(vault, Long.MIN_VALUE);
            Set<Digest> begun = new HashSet<>();
            for (SealedChanges.Recorded<ShredRecord> each : told) {
                Tombstone tombstone = tombstones.get(each.value().log());
                switch (each.value()) {
                    case ShredRecord.Begun record -> begun.add(record.request());
                    case ShredRecord.Done record -> {
                        if (tombstone == null || !tombstone.request().equals(record.request())) {
                            findings.failed(
                                    Claim.FILES,
                                    where(record.log()),
                                    "record " + each.seq()
                                            + " of the vault's own log tells that the keys of this log were"
                                            + " destroyed; its tombstone is not there any more");
                        }
                    }
                }
            }
            tombstones.forEach((logId, tombstone) -> {
                if (!begun.contains(tombstone.request())) {
                    findings.failed(
                            Claim.FILES,
                            where(logId),
                            "the vault's own log does not tell of the request that the tombstone names");
                }
            });
        } catch (CorruptFileException | WrongKeyException e) {
            // What is wrong with logs and tombstones themselves is found where those are verified.
            return;
        }
    }

    private String where(LogId logId) {
        return Findings.relative(
                vault.layout().root(), vault.layout().tenant(logId).tombstone());
    }
}
