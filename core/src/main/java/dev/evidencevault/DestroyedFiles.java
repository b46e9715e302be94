package dev.evidencevault;

import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Layout.LogDirectory;
import dev.evidencevault.storage.Layout.SegmentRange;
import dev.evidencevault.storage.LogKeys;
import dev.evidencevault.storage.Storage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What is of no use once records were destroyed: search indexes that no key opens, and counts that newer ones replace. */
final class DestroyedFiles {
    private DestroyedFiles() {}

    /** Removes them, as far as the log's current keys say. Whatever is left behind does no harm, and is removed later. */
    static void remove(LogDirectory directory, Storage storage) throws IOException {
        long first = LogKeys.read(directory).firstSegment();
        List<Path> indexes = new ArrayList<>();
        for (long number : Layout.numbers(directory.indexes(), Layout.INDEX_SUFFIX)) {
            if (number < first) {
                indexes.add(directory.index(number));
            }
        }
        for (SegmentRange range : directory.mergedRanges()) {
            if (range.from() < first) {
                indexes.add(directory.merged(range));
            }
        }
        List<Path> counts = new ArrayList<>();
        for (long number : Layout.numbers(directory.path(), Layout.COUNTS_SUFFIX)) {
            if (number != first - 1) {
                counts.add(directory.counts(number));
            }
        }
        for (Path file : Layout.list(directory.path())) {
            if (Layout.isUnfinishedCounts(String.valueOf(file.getFileName()))) {
                counts.add(file);
            }
        }
        delete(indexes, directory.indexes(), storage);
        delete(counts, directory.path(), storage);
    }

    private static void delete(List<Path> files, Path directory, Storage storage) throws IOException {
        for (Path file : files) {
            storage.delete(file);
        }
        if (!files.isEmpty()) {
            storage.syncDirectory(directory);
        }
    }
}
