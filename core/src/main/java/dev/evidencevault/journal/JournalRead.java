package dev.evidencevault.journal;

import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.storage.Layout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The whole journal of a vault, read file by file in their order. Files that the writer takes away meanwhile are passed
 * over: all that they held is anchored. Safe for use by several threads.
 */
public final class JournalRead {
    private static final Logger LOG = LoggerFactory.getLogger(JournalRead.class);

    private final Layout layout;

    /** Is told of each file that was read. */
    @FunctionalInterface
    public interface FileListener {
        /** Takes what was found in a file, after its frames. */
        void file(Path file, JournalReader.Summary summary) throws IOException;
    }

    /** Creates the reading of a vault's journal. */
    public JournalRead(Layout layout) {
        this.layout = layout;
    }

    /**
     * Reads all files.
     *
     * @throws CorruptFileException if the journal is damaged: in a file, or since commits between two files are missing
     */
    public void run(JournalReader.Keys keys, JournalReader.Consumer consumer, FileListener listener)
            throws IOException {
        List<Long> numbers = Layout.numbers(layout.journals(), Layout.JOURNAL_SUFFIX);
        long lastNumber = 0;
        long lastCommit = 0;
        ByteBuffer lastLife = null;
        for (long number : numbers) {
            Path file = layout.journal(number);
            JournalReader.Summary summary;
            try {
                summary = new JournalReader(file, keys, life -> committedAfter(number, life)).read(consumer);
            } catch (NoSuchFileException e) {
                LOG.debug("{} is gone: all that it held is anchored", file);
                continue;
            }
            boolean follows = number == lastNumber + 1
                    && summary.life() != null
                    && summary.life().equals(lastLife);
            if (follows && lastCommit > 0 && summary.firstCommit() > lastCommit + 1) {
                throw new CorruptFileException(
                        file,
                        JournalFormat.BLOCK_BYTES,
                        "expected commit " + (lastCommit + 1) + ", found " + summary.firstCommit()
                                + ": records that were acknowledged are missing");
            }
            lastCommit = summary.lastCommit() > 0 ? summary.lastCommit() : follows ? lastCommit : 0;
            lastNumber = number;
            lastLife = summary.life();
            listener.file(file, summary);
        }
    }

    private boolean committedAfter(long number, ByteBuffer life) throws IOException {
        for (long later : Layout.numbers(layout.journals(), Layout.JOURNAL_SUFFIX)) {
            if (later > number && life.equals(JournalReader.lifeIfCommitted(layout.journal(later)))) {
                return true;
            }
        }
        return false;
    }
}
