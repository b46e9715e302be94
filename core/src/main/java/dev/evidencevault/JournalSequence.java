package dev.evidencevault;

import dev.evidencevault.journal.JournalFiles;
import dev.evidencevault.journal.JournalWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Which journal file the next commit goes into. The file after the present one is made by another thread before it is
 * needed, since filling a large one with zeros takes longer than a commit may wait. Belongs to one thread.
 */
final class JournalSequence {
    private static final long FIRST_BYTES = 1 << 20;

    /** By how much a file is larger than the one before. */
    private static final int GROWTH = 4;

    private final JournalFiles files;
    private final CommitWriter writer;
    private final long bytesMax;
    private final List<Finished> finished = new ArrayList<>();
    private @Nullable JournalWriter current;
    private @Nullable CompletableFuture<JournalWriter> next;
    private long bytes;

    /** A journal file that gets no more commits. */
    record Finished(Path file, long length) {}

    /**
     * Creates the sequence.
     *
     * @param writer closes a file when it has written the last commit in it
     * @param bytesMax how long a file gets
     */
    JournalSequence(JournalFiles files, CommitWriter writer, long bytesMax) {
        this.files = files;
        this.writer = writer;
        this.bytesMax = bytesMax;
        this.bytes = Math.min(FIRST_BYTES, bytesMax);
    }

    /** Returns a file in which room for so many bytes is reserved. */
    JournalWriter room(long commitBytes) throws IOException {
        JournalWriter file = current;
        if (file != null && file.reserve(commitBytes)) {
            if (next == null && file.room() < file.length() / 2) {
                grow();
                prepare(bytes);
            }
            return file;
        }
        finishCurrent();
        if (next != null) {
            file = takeNext();
            if (file.reserve(commitBytes)) {
                current = file;
                return file;
            }
            finish(file);
        }
        // Nobody waits until a large file is full of zeros: a small one does until that is made.
        long small = Math.min(FIRST_BYTES, bytes);
        file = files.open(Math.max(commitBytes, small));
        current = file;
        if (bytes > small) {
            prepare(bytes);
        }
        if (!file.reserve(commitBytes)) {
            throw new IllegalStateException("a new journal file has no room for " + commitBytes + " bytes");
        }
        return file;
    }

    /**
     * Ends the present file if another can be had at once; else it goes on, and another is made meanwhile. Whatever is
     * sealed before it ends stays in the journal until it does.
     *
     * @param must ends it in any case
     */
    void endFile(boolean must) {
        JournalWriter file = current;
        if (file == null) {
            return;
        }
        CompletableFuture<JournalWriter> made = next;
        if (must || made != null && made.isDone() || made == null && file.length() <= 2 * FIRST_BYTES) {
            finishCurrent();
        } else if (made == null) {
            prepare(bytes);
        }
    }

    /** Returns the files that ended since this was last asked. */
    List<Finished> takeFinished() {
        List<Finished> ended = List.copyOf(finished);
        finished.clear();
        return ended;
    }

    /** Ends every file, those without a commit too. */
    void end() throws IOException {
        finishCurrent();
        if (next != null) {
            finish(takeNext());
        }
    }

    private void grow() {
        bytes = Math.min(GROWTH * bytes, bytesMax);
    }

    private void prepare(long length) {
        CompletableFuture<JournalWriter> made = new CompletableFuture<>();
        next = made;
        Daemon.start("evault-prepare", () -> {
            try {
                made.complete(files.open(length));
            } catch (IOException | RuntimeException | Error e) {
                made.completeExceptionally(e);
            }
        });
    }

    private JournalWriter takeNext() throws IOException {
        CompletableFuture<JournalWriter> made = next;
        next = null;
        if (made == null) {
            throw new IllegalStateException("no journal file was asked for");
        }
        try {
            return made.join();
        } catch (CompletionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw cause instanceof IOException io ? io : new IOException(String.valueOf(cause.getMessage()), cause);
        }
    }

    private void finishCurrent() {
        JournalWriter file = current;
        if (file != null) {
            current = null;
            finish(file);
        }
    }

    private void finish(JournalWriter file) {
        finished.add(new Finished(file.file(), file.length()));
        // Its last commits may not be written yet: whoever writes them closes it.
        writer.closeAfterwards(file);
    }
}
