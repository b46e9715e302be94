package dev.evidencevault.journal;

import dev.evidencevault.crypto.aead.FileCipher;
import dev.evidencevault.journal.JournalFormat.FileHeader;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Storage;
import dev.evidencevault.storage.Storage.BlockFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The journal's files as they come and go: made full of zeros, given a header and a name, written, and, when all that they
 * hold is anchored, used again under another name. Safe for use by several threads.
 *
 * <p>Fsync order of a new file: under a temporary name its length, then its header, are written and synced; then it gets
 * its name, and the directory is synced. A file that has its name has its header and needs no more room.
 */
public final class JournalFiles {
    private final Layout layout;
    private final Storage storage;
    private final SecureRandom random;
    private final FileCipher cipher;
    private final ByteBuffer life;
    private final Deque<Spare> spares = new ArrayDeque<>();
    private long next;
    private int sparesMax;

    private record Spare(Path file, long length) {}

    /**
     * Creates the files of one opening of a vault.
     *
     * @param cipher what their frames are encrypted with
     * @param next the number of the first; no file has it or a higher one
     * @param sparesMax how many files that are no longer needed are kept for use
     */
    public JournalFiles(
            Layout layout, Storage storage, SecureRandom random, FileCipher cipher, long next, int sparesMax) {
        this.cipher = cipher;
        this.layout = layout;
        this.storage = storage;
        this.random = random;
        this.next = next;
        this.sparesMax = sparesMax;
        byte[] id = new byte[JournalFormat.LIFE_BYTES];
        random.nextBytes(id);
        this.life = ByteBuffer.wrap(id);
    }

    /**
     * Returns a file with room for this many bytes of commits, or more.
     *
     * @throws IOException if it cannot be made, for example since the disk is full
     */
    public JournalWriter open(long bytes) throws IOException {
        long length = JournalFormat.padded(bytes) + JournalFormat.BLOCK_BYTES;
        long number;
        Spare spare;
        synchronized (this) {
            number = next++;
            spare = spare(length);
        }
        Path file = layout.journal(number);
        Path unnamed = Storage.temporary(file);
        if (spare == null) {
            createFilled(unnamed, length);
        } else {
            storage.rename(spare.file(), unnamed);
            length = spare.length();
        }
        byte[] salt = new byte[JournalFormat.SALT_BYTES];
        random.nextBytes(salt);
        FileHeader header = new FileHeader(cipher, number, life, ByteBuffer.wrap(salt));
        ByteBuffer block = Storage.blockBuffer(JournalFormat.BLOCK_BYTES);
        block.put(header.encode()).flip();
        try (BlockFile blocks = storage.openBlocks(unnamed)) {
            blocks.write(0, block);
            blocks.sync();
        }
        storage.rename(unnamed, file);
        storage.syncDirectory(layout.journals());
        return JournalWriter.open(storage, file, header, length);
    }

    private void createFilled(Path file, long length) throws IOException {
        try {
            storage.createFilled(file, length);
        } catch (IOException e) {
            try {
                storage.delete(file);
            } catch (IOException also) {
                e.addSuppressed(also);
            }
            throw new IOException(
                    "no room for a journal file of " + length + " bytes: " + e.getMessage() + " (is the disk full?)",
                    e);
        }
    }

    private @Nullable Spare spare(long length) throws IOException {
        while (!spares.isEmpty()) {
            Spare spare = spares.removeFirst();
            if (spare.length() >= length && spare.length() <= 4 * length) {
                return spare;
            }
            storage.delete(spare.file());
        }
        return null;
    }

    /**
     * Takes back a closed file all of whose records are anchored. What it held is gone from the journal with its name.
     *
     * @param file the file
     * @param length its length
     */
    public synchronized void retire(Path file, long length) throws IOException {
        if (spares.size() >= sparesMax) {
            storage.delete(file);
        } else {
            Path unnamed = Storage.temporary(file);
            storage.rename(file, unnamed);
            spares.addLast(new Spare(unnamed, length));
        }
    }

    /** Makes the names of the files durable, and those that were taken back gone for good. */
    public void sync() throws IOException {
        storage.syncDirectory(layout.journals());
    }

    /** Removes the files that are kept for use, and keeps none from now on. */
    public synchronized void keepNone() throws IOException {
        sparesMax = 0;
        removeSpares();
    }

    /** Removes the files that are kept for use. */
    public synchronized void removeSpares() throws IOException {
        while (!spares.isEmpty()) {
            storage.delete(spares.removeFirst().file());
        }
    }
}
