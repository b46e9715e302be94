package dev.evidencevault.journal;

import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.storage.Layout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The whole journal of a vault, read file by file in their order. Files that the writer takes away meanwhile are passed
 * over: all that they held is anchored. Safe for use by several threads, unless it is one that goes on.
 */
public final class JournalRead {
    private static final Logger LOG = LoggerFactory.getLogger(JournalRead.class);

    private final Layout layout;

    /** What is read of each file, if it is read again later; else null. */
    private final @Nullable Map<Long, Kept> kept;

    /** A file that may get more, and its first commit, by which it is known again. */
    private record Kept(JournalReader.First first, JournalReader reader) {}

    /** Is told of each file that was read. */
    @FunctionalInterface
    public interface FileListener {
        /** Takes what was found in a file, after its frames. */
        void file(Path file, JournalReader.Summary summary) throws IOException;
    }

    /** Creates the reading of a vault's journal. */
    public JournalRead(Layout layout) {
        this(layout, null);
    }

    private JournalRead(Layout layout, @Nullable Map<Long, Kept> kept) {
        this.layout = layout;
        this.kept = kept;
    }

    /**
     * Creates a reading that goes on: each run, always with the same keys, takes what came since the one before, of files
     * that are still there. For one thread at a time.
     */
    static JournalRead continued(Layout layout) {
        return new JournalRead(layout, new HashMap<>());
    }

    /**
     * Reads all files. Beside a writer, what came to a file after it was read may follow what is in a later one.
     *
     * @throws CorruptFileException if the journal is damaged: in a file, or since commits between two files are missing
     */
    public void run(JournalReader.Keys keys, JournalReader.Consumer consumer, FileListener listener)
            throws IOException {
        List<Earlier> earlier = new ArrayList<>();
        List<Long> numbers = Layout.numbers(layout.journals(), Layout.JOURNAL_SUFFIX);
        if (kept != null) {
            kept.keySet().retainAll(numbers);
        }
        for (long number : numbers) {
            Path file = layout.journal(number);
            try {
                JournalReader.First first = JournalReader.first(file);
                JournalReader reader = reader(number, first, keys);
                requireNoGap(earlier, number, first, file, consumer);
                JournalReader.Summary summary = reader.read(consumer);
                ByteBuffer life = summary.life();
                if (first == null && life != null && summary.firstCommit() > 0) {
                    requireNoGap(earlier, number, new JournalReader.First(life, summary.firstCommit()), file, consumer);
                }
                earlier.add(new Earlier(number, reader, summary));
                listener.file(file, summary);
            } catch (NoSuchFileException e) {
                LOG.debug("{} is gone: all that it held is anchored", file);
            }
        }
    }

    /** A reader of a file; the one that read it before, if it is the same file. */
    private JournalReader reader(long number, JournalReader.@Nullable First first, JournalReader.Keys keys) {
        Kept known = kept == null ? null : kept.get(number);
        if (known != null && known.first().equals(first)) {
            return known.reader();
        }
        JournalReader reader = new JournalReader(layout.journal(number), keys, life -> committedAfter(number, life));
        if (kept != null && first != null) {
            kept.put(number, new Kept(first, reader));
        }
        return reader;
    }

    /** A file that was read. */
    private record Earlier(long number, JournalReader reader, JournalReader.Summary summary) {}

    /**
     * Checks that the first commit of a file comes next after those that were read. Beside a writer the files before may
     * have got more since they were read; then that is read first.
     */
    private static void requireNoGap(
            List<Earlier> earlier,
            long number,
            JournalReader.@Nullable First first,
            Path file,
            JournalReader.Consumer consumer)
            throws IOException {
        if (first == null || !isGap(earlier, number, first)) {
            return;
        }
        for (int i = 0; i < earlier.size(); i++) {
            Earlier each = earlier.get(i);
            if (first.life().equals(each.summary().life())) {
                try {
                    earlier.set(
                            i,
                            new Earlier(
                                    each.number(), each.reader(), each.reader().read(consumer)));
                } catch (NoSuchFileException e) {
                    // All that it held is anchored, and so is all that came before.
                    earlier.subList(0, i + 1).clear();
                    i = -1;
                }
            }
        }
        if (isGap(earlier, number, first)) {
            throw new CorruptFileException(
                    file,
                    JournalFormat.BLOCK_BYTES,
                    "found commit " + first.commit()
                            + " where an earlier one was expected: records that were acknowledged are missing");
        }
    }

    /** Says whether commits are missing between the files before and this one, if none of these is missing itself. */
    private static boolean isGap(List<Earlier> earlier, long number, JournalReader.First first) {
        long expected = number - 1;
        for (int i = earlier.size() - 1; i >= 0; i--) {
            Earlier each = earlier.get(i);
            if (each.number() != expected || !first.life().equals(each.summary().life())) {
                return false;
            }
            if (each.summary().lastCommit() > 0) {
                return first.commit() > each.summary().lastCommit() + 1;
            }
            expected--;
        }
        return false;
    }

    private boolean committedAfter(long number, ByteBuffer life) throws IOException {
        for (long later : Layout.numbers(layout.journals(), Layout.JOURNAL_SUFFIX)) {
            JournalReader.First first = later > number ? JournalReader.first(layout.journal(later)) : null;
            if (first != null && first.life().equals(life)) {
                return true;
            }
        }
        return false;
    }
}
