package dev.evidencevault.journal;

import dev.evidencevault.crypto.keys.TenantKeys;
import dev.evidencevault.format.LogId;
import dev.evidencevault.storage.Layout;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The records of one log that were acknowledged and are not sealed, as frames of the journal: what was read is kept, so that
 * reading again takes only what came since. Safe for use by several threads.
 */
public final class JournalTail {
    private final LogId logId;
    private final TenantKeys keys;
    private final JournalRead journal;

    /** Frames from the journal, not in order. */
    private final List<JournalFrame> frames = new ArrayList<>();

    /** Records before this one are sealed and not kept. */
    private long from;

    private long bytes;

    /** Creates the tail of a log; nothing is read yet. */
    public JournalTail(Layout layout, LogId logId, TenantKeys keys) {
        this.logId = logId;
        this.keys = keys;
        this.journal = JournalRead.continued(layout);
    }

    /**
     * Returns the frames of records that were acknowledged before this was called, in the order of the log. Some may be
     * sealed; none is missing that is not.
     */
    public synchronized List<JournalFrame> read() throws IOException {
        journal.run(
                id -> id.equals(logId) ? keys : null,
                new JournalReader.Consumer() {
                    @Override
                    public void frame(JournalFrame frame) {
                        if (end(frame) > from) {
                            frames.add(frame);
                            bytes += frame.plain().remaining();
                        }
                    }
                },
                (file, summary) -> {});
        frames.sort(Comparator.comparingLong(JournalFrame::firstSeq));
        return List.copyOf(frames);
    }

    /** Forgets the records before one: they are sealed. */
    public synchronized void forget(long before) {
        if (before > from) {
            from = before;
            frames.removeIf(frame -> end(frame) <= from);
            bytes = frames.stream()
                    .mapToLong(frame -> frame.plain().remaining())
                    .sum();
        }
    }

    private static long end(JournalFrame frame) {
        return frame.firstSeq() + frame.count();
    }

    /** Returns how many bytes of records are kept. */
    public synchronized long bytes() {
        return bytes;
    }
}
