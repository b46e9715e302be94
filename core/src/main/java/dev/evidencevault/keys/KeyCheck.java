package dev.evidencevault.keys;

import dev.evidencevault.crypto.keys.KeySourceException;
import dev.evidencevault.crypto.keys.TenantKeys;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.LogId;
import dev.evidencevault.journal.JournalTail;
import dev.evidencevault.segment.IndexFile;
import dev.evidencevault.segment.MergedIndexFile;
import dev.evidencevault.segment.SealedLog;
import dev.evidencevault.segment.SegmentContent;
import dev.evidencevault.segment.SegmentFile;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Layout.LogDirectory;
import dev.evidencevault.storage.Layout.SegmentRange;
import dev.evidencevault.storage.LogKeys;
import dev.evidencevault.storage.UnlockedVault;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tries the keys of a log on what they have to open: the wrapped keysets, the commitment in the header and one block of each
 * segment, each index, and what the journal holds. That all of it is unchanged, a verifier says. Immutable.
 *
 * @param name the tenant, or {@link KeyInventory#SERVICE}
 * @param segments how many segments opened
 * @param indexes how many index files opened
 * @param frames how many frames of the journal opened
 * @param unavailable why the keys could not be had; null if they could
 * @param problems what did not open, and why
 */
public record KeyCheck(
        String name,
        int segments,
        int indexes,
        int frames,
        @Nullable String unavailable,
        List<String> problems) {
    /** Copies the list. */
    public KeyCheck {
        problems = List.copyOf(problems);
    }

    /** Says whether the keys were there and opened everything. */
    public boolean passed() {
        return unavailable == null && problems.isEmpty();
    }

    /** Checks the keys of the vault's own log. */
    public static KeyCheck ofService(UnlockedVault vault) throws IOException {
        return of(vault, KeyInventory.SERVICE, vault.layout().service());
    }

    /**
     * Checks the keys of a tenant.
     *
     * @throws IllegalArgumentException if there is no such tenant
     */
    public static KeyCheck of(UnlockedVault vault, String tenant) throws IOException, WrongKeyException {
        LogId logId = vault.tenants().get(tenant);
        if (logId == null) {
            throw new IllegalArgumentException("there is no tenant " + tenant);
        }
        return of(vault, tenant, vault.layout().tenant(logId));
    }

    private static KeyCheck of(UnlockedVault vault, String name, LogDirectory directory) throws IOException {
        TenantKeys keys;
        try {
            keys = vault.keys(directory);
        } catch (KeySourceException e) {
            return new KeyCheck(name, 0, 0, 0, String.valueOf(e.getMessage()), List.of());
        } catch (WrongKeyException e) {
            return new KeyCheck(name, 0, 0, 0, null, List.of("keys.json: " + e.getMessage()));
        }
        LogId logId = LogKeys.read(directory).logId();
        Trial trial = new Trial(vault.layout());
        int frames = trial.frames(new JournalTail(vault.layout(), logId, keys));
        int segments = 0;
        int indexes = 0;
        for (long number : kept(Layout.numbers(directory.segments(), Layout.SEGMENT_SUFFIX), keys)) {
            segments += trial.opens(() -> {
                try (SegmentFile file = new SegmentFile(directory.segment(number))) {
                    new SegmentContent(file, keys).records(file.blocks().get(0));
                }
            });
        }
        for (long number : kept(Layout.numbers(directory.indexes(), Layout.INDEX_SUFFIX), keys)) {
            indexes += trial.opens(() -> IndexFile.open(directory.index(number), logId, number, keys));
        }
        for (SegmentRange range : directory.mergedRanges()) {
            if (range.from() < keys.firstSegment()) {
                continue;
            }
            indexes += trial.opens(() -> MergedIndexFile.open(new SealedLog(logId, directory, keys), range, 0));
        }
        return new KeyCheck(name, segments, indexes, frames, null, trial.problems);
    }

    /** Returns the numbers of files that were not destroyed. */
    private static List<Long> kept(List<Long> numbers, TenantKeys keys) {
        return numbers.stream().filter(number -> number >= keys.firstSegment()).toList();
    }

    /** Opens a file, and fails if it does not open. */
    @FunctionalInterface
    private interface Opening {
        void run() throws IOException;
    }

    /** Counts what opens and remembers what does not. */
    private static final class Trial {
        private final Layout layout;
        private final List<String> problems = new ArrayList<>();

        Trial(Layout layout) {
            this.layout = layout;
        }

        int opens(Opening opening) throws IOException {
            try {
                opening.run();
                return 1;
            } catch (CorruptFileException e) {
                problems.add(String.valueOf(e.getMessage()).replace(layout.root() + "/", ""));
            } catch (NoSuchFileException e) {
                // Indexes are merged, and so taken away, at any time.
            }
            return 0;
        }

        int frames(JournalTail tail) throws IOException {
            int[] frames = new int[1];
            opens(() -> frames[0] = tail.read().size());
            return frames[0];
        }
    }
}
