package dev.evidencevault.shred;

import dev.evidencevault.crypto.keys.KeySourceException;
import dev.evidencevault.crypto.keys.TenantKeys;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.LogId;
import dev.evidencevault.journal.JournalFrame;
import dev.evidencevault.journal.JournalRead;
import dev.evidencevault.journal.JournalReader;
import dev.evidencevault.segment.SegmentContent;
import dev.evidencevault.segment.SegmentFile;
import dev.evidencevault.storage.Destruction;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Layout.LogDirectory;
import dev.evidencevault.storage.UnlockedVault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Tries every key that a vault has left on everything that is left of a log whose keys were destroyed: that none opens any of it
 * shows that the keys are gone, and not only their files' names. Tells nothing of the logs whose keys were tried. Immutable.
 *
 * @param segments how many segments are left
 * @param bytes how many bytes they have
 * @param frames how many frames of the journal are the log's
 * @param files how many other files are left that belong to what was destroyed
 * @param opened how many segments a key opened
 * @param whole whether all keys of the vault were there to be tried; not if a tenant's own key cannot be had
 */
public record KeyTrial(long segments, long bytes, long frames, long files, long opened, boolean whole) {
    /** Says whether nothing was opened and nothing is left that ought to be gone. */
    public boolean passed() {
        return opened == 0 && frames == 0 && files == 0;
    }

    /** Tries the keys of all logs of the vault, of all epochs. */
    public static KeyTrial run(UnlockedVault vault, LogId logId) throws IOException, WrongKeyException {
        LogDirectory log = vault.layout().tenant(logId);
        long segments = 0;
        long bytes = 0;
        for (long number : Layout.numbers(log.segments(), Layout.SEGMENT_SUFFIX)) {
            segments++;
            bytes += Files.size(log.segment(number));
        }
        long opened = 0;
        boolean whole = true;
        for (LogDirectory other : vault.directories().values()) {
            try {
                opened += opened(log, vault.keys(other));
            } catch (KeySourceException e) {
                whole = false;
            }
        }
        return new KeyTrial(
                segments, bytes, frames(vault, logId), Destruction.left(log).size(), opened, whole);
    }

    private static long opened(LogDirectory log, TenantKeys keys) throws IOException {
        long opened = 0;
        for (long number : Layout.numbers(log.segments(), Layout.SEGMENT_SUFFIX)) {
            opened += opens(log.segment(number), keys) ? 1 : 0;
        }
        return opened;
    }

    private static boolean opens(Path segment, TenantKeys keys) throws IOException {
        try (SegmentFile file = new SegmentFile(segment)) {
            SegmentContent content = new SegmentContent(file, keys);
            content.records(file.blocks().get(0));
            return true;
        } catch (CorruptFileException e) {
            // As it has to be: the segment is not under this key.
            return false;
        }
    }

    private static long frames(UnlockedVault vault, LogId logId) throws IOException {
        long[] frames = {0};
        JournalReader.Consumer consumer = new JournalReader.Consumer() {
            @Override
            public void place(LogId of, long firstSeq, int count) {
                frames[0] += of.equals(logId) ? 1 : 0;
            }

            @Override
            public void frame(JournalFrame frame) {}
        };
        new JournalRead(vault.layout()).run(id -> null, consumer, (file, summary) -> {});
        return frames[0];
    }
}
