package dev.evidencevault.journal;

import dev.evidencevault.crypto.aead.DataKey;
import dev.evidencevault.format.LogId;
import dev.evidencevault.journal.JournalFormat.CommitHeader;
import dev.evidencevault.journal.JournalFormat.FrameEntry;
import dev.evidencevault.storage.Storage;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * One commit in the making, used again for the next: frames are encrypted into it, then it is written as it stands. Not
 * safe for use by several threads at once.
 */
public final class CommitBuffer {
    private static final int FIRST_BYTES = 1 << 16;

    private final SecureRandom random;
    private long nonce;
    private byte[] bytes = new byte[FIRST_BYTES];
    private ByteBuffer blocks = Storage.blockBuffer(FIRST_BYTES);
    private long tag;
    private long commit;
    private long synced;
    private int frames;
    private int frame;
    private int used;

    /** Creates an empty buffer. */
    public CommitBuffer(SecureRandom random) {
        this.random = random;
    }

    /** Returns how many bytes of a file a commit of so many frames with so much plaintext takes. */
    public static long bytes(int frames, long plainBytes) {
        return JournalFormat.padded(JournalFormat.COMMIT_HEADER_BYTES
                + (long) frames * (JournalFormat.FRAME_ENTRY_BYTES + DataKey.OVERHEAD_BYTES)
                + plainBytes);
    }

    /**
     * Begins a commit.
     *
     * @param file which file it is for
     * @param commitNumber its number, one more than that of the commit before
     * @param syncedCommit the last commit that is known to be on disk
     * @param frameCount how many frames it will have
     * @param plainBytes how much plaintext they will have together
     */
    public void begin(JournalWriter file, long commitNumber, long syncedCommit, int frameCount, long plainBytes) {
        int needed = Math.toIntExact(bytes(frameCount, plainBytes));
        if (bytes.length < needed) {
            bytes = new byte[Math.max(needed, Math.min(2 * bytes.length, JournalFormat.PAYLOAD_BYTES_MAX))];
        }
        byte[] bits = new byte[Long.BYTES];
        random.nextBytes(bits);
        nonce = ByteBuffer.wrap(bits).getLong();
        tag = file.tag();
        commit = commitNumber;
        synced = syncedCommit;
        frames = frameCount;
        frame = 0;
        used = JournalFormat.COMMIT_HEADER_BYTES + frameCount * JournalFormat.FRAME_ENTRY_BYTES;
    }

    /**
     * Encrypts records of one log; those of a log that has several frames in a commit follow each other.
     *
     * @param key the log's key for the file
     * @param firstSeq the seq of the first record
     * @param count how many records
     * @param plain for each record the length of its line as 4 bytes and the line; in an array
     */
    public void frame(LogId logId, DataKey key, long firstSeq, int count, ByteBuffer plain) {
        int plainBytes = plain.remaining();
        FrameEntry entry = new FrameEntry(logId, firstSeq, count, plainBytes);
        int entryAt = JournalFormat.COMMIT_HEADER_BYTES + frame * JournalFormat.FRAME_ENTRY_BYTES;
        entry.encode(ByteBuffer.wrap(bytes, entryAt, JournalFormat.FRAME_ENTRY_BYTES));
        byte[] associated = JournalFormat.associatedData(tag, commit, synced, frames, frame, entry);
        used += key.sealAt(JournalFormat.nonce(nonce, frame), associated, plain, bytes, used);
        frame++;
    }

    /** Ends the commit and returns it as blocks, which stay the same until the next one begins. */
    public ByteBuffer finish() {
        if (frame != frames) {
            throw new IllegalStateException("expected " + frames + " frames, found " + frame);
        }
        int payloadBytes = used - JournalFormat.COMMIT_HEADER_BYTES;
        int payloadCrc = JournalFormat.crc(bytes, JournalFormat.COMMIT_HEADER_BYTES, payloadBytes);
        new CommitHeader(tag, commit, synced, nonce, frames, payloadBytes, payloadCrc).encode(bytes);
        int padded = (int) JournalFormat.padded(used);
        Arrays.fill(bytes, used, padded, (byte) 0);
        if (blocks.capacity() < padded) {
            blocks = Storage.blockBuffer(bytes.length);
        }
        return blocks.clear().put(bytes, 0, padded).flip();
    }
}
