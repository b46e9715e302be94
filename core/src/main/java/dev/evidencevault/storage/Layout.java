package dev.evidencevault.storage;

import dev.evidencevault.format.LogId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where the files of a vault lie. Nothing in a name tells of a tenant.
 *
 * @param root the vault's directory
 */
public record Layout(Path root) {
    /** The highest number of a file. */
    public static final int NUMBER_MAX = 99_999_999;

    /** End of the name of a file that is not in place yet. */
    public static final String TEMPORARY_SUFFIX = ".tmp";

    /** End of a segment's name. */
    public static final String SEGMENT_SUFFIX = ".evs";

    /** End of an index fragment's name. */
    public static final String INDEX_SUFFIX = ".evx";

    /** End of the name of an index of several segments. */
    public static final String MERGED_SUFFIX = ".evm";

    /** End of the name of a file of counts: how many records each actor had up to the segment of that number. */
    public static final String COUNTS_SUFFIX = ".evn";

    /** End of a journal file's name. */
    public static final String JOURNAL_SUFFIX = ".evj";

    /** End of an anchor's name. */
    public static final String ANCHOR_SUFFIX = ".eva";

    /** End of the name of a log's keys in a copy, after the name of the log's directory. */
    public static final String KEYS_SUFFIX = ".json";

    /** End of the name of a log's tombstone in a copy, after the name of the log's directory. */
    public static final String TOMBSTONE_SUFFIX = ".note";

    /** End of the name of a succession of signing keys. */
    public static final String SUCCESSION_SUFFIX = ".json";

    /** End of the name of a case's step. */
    public static final String STEP_SUFFIX = ".evc";

    /** End of the name of a pack: chunks of deposits. */
    public static final String PACK_SUFFIX = ".evb";

    /** End of the name of an item: what was deposited at once. */
    public static final String ITEM_SUFFIX = ".evi";

    /** End of the name of what says that the log holds an item. */
    public static final String RECORDED_SUFFIX = ".evr";

    /**
     * The directory of one log: a tenant's, or the service's own.
     *
     * @param path the directory
     * @param keys the file with the log's id, sealed name and wrapped keys: in the directory, in a copy apart from it
     * @param tombstone the file that says that the keys were destroyed, where the keys are; it need not be there
     */
    public record LogDirectory(Path path, Path keys, Path tombstone) {
        /** Returns the directory of a log whose keys lie in it. */
        public LogDirectory(Path path) {
            this(path, path.resolve("keys.json"), path.resolve("tombstone.note"));
        }

        /**
         * Requires that the log does not lie in a copy, where its keys lie apart from it.
         *
         * @throws CopyIsReadOnlyException if it does
         */
        public void requireWritable() throws CopyIsReadOnlyException {
            Path keysIn = keys.getParent();
            if (keysIn != null && !keysIn.equals(path)) {
                Path copy = keysIn.getParent();
                throw new CopyIsReadOnlyException(copy == null ? keysIn : copy);
            }
        }

        /** Returns the file with the keys of the next epoch, which is there while keys are rotated. */
        public Path nextKeys() {
            return path.resolve("keys.next.json");
        }

        /** Returns the file of counts up to a segment, which is there when that and all before it were destroyed. */
        public Path counts(long segment) {
            return path.resolve(numbered(segment, COUNTS_SUFFIX));
        }

        /** Returns the directory of segments. */
        public Path segments() {
            return path.resolve("log");
        }

        /** Returns the directory of index fragments. */
        public Path indexes() {
            return path.resolve("index");
        }

        /** Returns the directory of deposits; it need not be there. */
        public Path backups() {
            return path.resolve("backups");
        }

        /** Returns the lock that is held while something is deposited. */
        public Path backupsLock() {
            return backups().resolve("lock");
        }

        /** Returns the file of a pack. */
        public Path pack(long number) {
            return backups().resolve(numbered(number, PACK_SUFFIX));
        }

        /** Returns the file of an item. */
        public Path item(long number) {
            return backups().resolve(numbered(number, ITEM_SUFFIX));
        }

        /** Returns the file that says that the log holds an item. */
        public Path recorded(long number) {
            return backups().resolve(numbered(number, RECORDED_SUFFIX));
        }

        /** Returns the file of a segment. */
        public Path segment(long number) {
            return segments().resolve(numbered(number, SEGMENT_SUFFIX));
        }

        /** Returns the file of a segment's index. */
        public Path index(long number) {
            return indexes().resolve(numbered(number, INDEX_SUFFIX));
        }

        /** Returns the file of the index of several segments, named by the first and the last of them. */
        public Path merged(SegmentRange range) {
            return indexes().resolve(numbered(range.from(), "-" + numbered(range.last(), MERGED_SUFFIX)));
        }

        /** Returns which segments the indexes of several that are there cover; by the first, the longest first. */
        public List<SegmentRange> mergedRanges() throws IOException {
            return list(indexes()).stream()
                    .map(path -> String.valueOf(path.getFileName()))
                    .filter(Layout::isMerged)
                    .map(name -> new SegmentRange(
                            Long.parseLong(name.substring(0, 8)), Long.parseLong(name.substring(9, 17))))
                    .sorted(Comparator.comparingLong(SegmentRange::from)
                            .thenComparing(
                                    Comparator.comparingLong(SegmentRange::last).reversed()))
                    .toList();
        }
    }

    /**
     * Segments that follow upon each other.
     *
     * @param from the number of the first
     * @param last the number of the last
     */
    public record SegmentRange(long from, long last) {
        /** Checks the numbers. */
        public SegmentRange {
            if (from < 1 || last < from || last > NUMBER_MAX) {
                throw new IllegalArgumentException("expected segments in their order, found " + from + " to " + last);
            }
        }
    }

    /** Returns the settings. */
    public Path settings() {
        return root.resolve("vault.json");
    }

    /** Returns the settings that are to come, which are there while the vault gets another secret. */
    public Path nextSettings() {
        return root.resolve("vault.next.json");
    }

    /** Returns the signature over the settings. */
    public Path settingsSignature() {
        return root.resolve("vault.sig");
    }

    /** Returns the signed register of places; it need not be there. */
    public Path places() {
        return root.resolve("places");
    }

    /** Returns the signed rules of retention; it need not be there. */
    public Path retention() {
        return root.resolve("retention");
    }

    /** Returns the directory of successions of signing keys, which is there once there was one. */
    public Path successions() {
        return root.resolve("successions");
    }

    /** Returns the file of a succession. */
    public Path succession(long number) {
        return successions().resolve(numbered(number, SUCCESSION_SUFFIX));
    }

    /**
     * Requires that this is not a copy.
     *
     * @throws CopyIsReadOnlyException if it is
     */
    public void requireWritable() throws CopyIsReadOnlyException {
        if (isCopy()) {
            throw new CopyIsReadOnlyException(root);
        }
    }

    /** Returns the lock file. */
    public Path lock() {
        return root.resolve("lock");
    }

    /** Returns the directory of the journal. */
    public Path journals() {
        return root.resolve("journal");
    }

    /** Returns a journal file. */
    public Path journal(long number) {
        return journals().resolve(numbered(number, JOURNAL_SUFFIX));
    }

    /** Returns the directory of anchors. */
    public Path anchors() {
        return root.resolve("anchors");
    }

    /** Returns an anchor. */
    public Path anchor(long number) {
        return anchors().resolve(numbered(number, ANCHOR_SUFFIX));
    }

    /** Returns the latest checkpoint of the anchors. */
    public Path checkpoint() {
        return anchors().resolve("checkpoint");
    }

    /** Returns the directory of what others say of the checkpoints; it need not be there. */
    public Path attestations() {
        return root.resolve("attestations");
    }

    /** Returns the directory of cases; it need not be there. */
    public Path cases() {
        return root.resolve("cases");
    }

    /** Returns the directory that holds the tenants'. */
    public Path tenants() {
        return root.resolve("tenants");
    }

    /** Returns a tenant's directory. */
    public LogDirectory tenant(LogId id) {
        return log(tenants().resolve(id.toString()));
    }

    /** Returns the directory of the service's own log. */
    public LogDirectory service() {
        return log(root.resolve("service"));
    }

    /** Returns a directory as that of a log. */
    public LogDirectory log(Path directory) {
        return isCopy()
                ? new LogDirectory(
                        directory,
                        root.resolve("keys").resolve(directory.getFileName() + KEYS_SUFFIX),
                        root.resolve("tombstones").resolve(directory.getFileName() + TOMBSTONE_SUFFIX))
                : new LogDirectory(directory);
    }

    /** Returns the file that only a copy of a vault has, and that says of which ({@code docs/formats/copy.md}). */
    public Path copyMarker() {
        return root.resolve("copy.json");
    }

    /** Says whether the directory is a copy of a vault. Nobody writes a log there. */
    public boolean isCopy() {
        return Files.exists(copyMarker(), LinkOption.NOFOLLOW_LINKS);
    }

    /** Returns the entries of a directory in the order of their names; none if it does not exist. */
    public static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.sorted().toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    /** Returns the numbers of the files in a directory that are named by number, from 1, and suffix, ascending. */
    public static List<Long> numbers(Path directory, String suffix) throws IOException {
        return list(directory).stream()
                .map(path -> String.valueOf(path.getFileName()))
                .filter(name -> isNumbered(name, suffix))
                .map(name -> Long.parseLong(name.substring(0, 8)))
                .toList();
    }

    /** Says whether a name is a number from 1 in eight digits and this suffix. */
    public static boolean isNumbered(String name, String suffix) {
        return name.length() == 8 + suffix.length()
                && name.endsWith(suffix)
                && name.substring(0, 8).matches("[0-9]{8}")
                && !name.startsWith("00000000");
    }

    /** Says whether a name is that of an index of several segments. */
    public static boolean isMerged(String name) {
        return name.length() == 17 + MERGED_SUFFIX.length()
                && name.matches("[0-9]{8}-[0-9]{8}" + Pattern.quote(MERGED_SUFFIX))
                && !name.startsWith("00000000")
                && name.substring(0, 8).compareTo(name.substring(9, 17)) <= 0;
    }

    /** Says whether a name is that of an index of several segments that is not in place yet. */
    public static boolean isUnfinishedMerged(String name) {
        return name.matches("[0-9]{8}-[0-9]{8}" + Pattern.quote(MERGED_SUFFIX) + "\\.[0-9a-f]{16}"
                + Pattern.quote(TEMPORARY_SUFFIX));
    }

    /** Says whether a name is that of a file of counts that is not in place yet. */
    public static boolean isUnfinishedCounts(String name) {
        return isNumbered(name, COUNTS_SUFFIX + TEMPORARY_SUFFIX);
    }

    /** Returns a file's name: the number in eight digits and a suffix. */
    public static String numbered(long number, String suffix) {
        if (number < 1 || number > NUMBER_MAX) {
            throw new IllegalArgumentException("a file's number is from 1 to " + NUMBER_MAX + ", found " + number);
        }
        String digits = Long.toString(number);
        return "0".repeat(8 - digits.length()) + digits + suffix;
    }
}
