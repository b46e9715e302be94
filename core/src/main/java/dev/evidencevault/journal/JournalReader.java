package dev.evidencevault.journal;

import com.github.luben.zstd.Zstd;
import dev.evidencevault.crypto.aead.DataKey;
import dev.evidencevault.crypto.keys.TenantKeys;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.LogId;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.journal.JournalFormat.FrameHeader;
import dev.evidencevault.storage.Layout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a journal file frame by frame.
 *
 * <p>A crash leaves a tail of commits that were written and not synced: any part of them may be missing or garbage. Their
 * records were never acknowledged, and reading ends before the first frame that is not whole. A frame further on that
 * says the damaged one had been synced proves that it is no torn tail: acknowledged records are damaged, and reading
 * fails. Not safe for use by several threads at once.
 */
public final class JournalReader {
    /** Gives the keys of a log; null for one whose frames are to be passed over undecrypted. */
    @FunctionalInterface
    public interface Keys {
        /** Returns the keys of a log, or null. */
        @Nullable
        TenantKeys of(LogId logId) throws IOException;
    }

    /** Takes the records of a frame. */
    @FunctionalInterface
    public interface Consumer {
        /** Takes them. */
        void accept(LogId logId, List<LogRecord> records) throws IOException;
    }

    /** Is told of every whole frame, decrypted or passed over. */
    @FunctionalInterface
    public interface FrameListener {
        /** Takes the place of its records: {@code count} of them from {@code firstSeq} on. */
        void frame(LogId logId, long firstSeq, int count);
    }

    /**
     * What was found.
     *
     * @param frames how many whole frames
     * @param tornAt where a torn tail begins; -1 if there is none
     * @param length the file's length
     */
    public record Summary(long frames, long tornAt, long length) {
        /** Returns how many bytes at the end cannot be read. */
        public long tornBytes() {
            return tornAt < 0 ? 0 : length - tornAt;
        }
    }

    private final Path file;
    private final Keys keys;
    private final Map<LogId, DataKey> fileKeys = new HashMap<>();

    /** Creates a reader of a file. */
    public JournalReader(Path file, Keys keys) {
        this.file = file;
        this.keys = keys;
    }

    /**
     * Reads all frames in their order.
     *
     * @throws CorruptFileException if records that had been synced are damaged
     */
    public Summary read(Consumer consumer) throws IOException {
        return read(consumer, (logId, firstSeq, count) -> {});
    }

    /** Reads all frames in their order, as {@link #read(Consumer)}, and tells of each. */
    public Summary read(Consumer consumer, FrameListener frames) throws IOException {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new CorruptFileException(file, 0, "expected a regular file");
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return read(channel, consumer, frames);
        }
    }

    private Summary read(FileChannel channel, Consumer consumer, FrameListener listener) throws IOException {
        long length = channel.size();
        byte[] header = bytes(channel, 0, JournalFormat.HEADER_BYTES, length);
        if (header == null || !isHeader(header)) {
            requireNothingSynced(channel, 0, length, 1);
            return new Summary(0, length == 0 ? -1 : 0, length);
        }
        long number = ByteBuffer.wrap(header).getLong(JournalFormat.FILE_MAGIC.length);
        if (number < 1
                || number > Layout.NUMBER_MAX
                || !file.endsWith(Layout.numbered(number, Layout.JOURNAL_SUFFIX))) {
            throw new CorruptFileException(file, 8, "the file says that it is journal " + number);
        }
        byte[] salt = Arrays.copyOfRange(header, 16, 16 + JournalFormat.SALT_BYTES);
        long at = JournalFormat.HEADER_BYTES;
        long frames = 0;
        long commit = 0;
        int restOfCommit = 0;
        int commitFrames = 0;
        while (at < length) {
            FrameHeader frame = frameAt(channel, at, length);
            byte[] ciphertext = frame == null
                            || frame.frame() != frames
                            || frame.commit() != (restOfCommit > 0 ? commit : commit + 1)
                            || restOfCommit > 0 && frame.commitFrames() != commitFrames
                    ? null
                    : bytes(channel, at + JournalFormat.FRAME_HEADER_BYTES, frame.cipherBytes(), length);
            List<LogRecord> records = frame == null || ciphertext == null ? null : open(frame, ciphertext, salt);
            if (frame == null || records == null) {
                requireNothingSynced(channel, at, length, restOfCommit > 0 ? commit : commit + 1);
                return new Summary(frames, at, length);
            }
            listener.frame(frame.logId(), frame.firstSeq(), frame.count());
            if (!records.isEmpty()) {
                consumer.accept(frame.logId(), records);
            }
            restOfCommit = frame.commit() == commit ? restOfCommit - 1 : frame.commitFrames() - 1;
            commit = frame.commit();
            commitFrames = frame.commitFrames();
            frames++;
            at += JournalFormat.FRAME_HEADER_BYTES + frame.cipherBytes();
        }
        return new Summary(frames, -1, length);
    }

    private static boolean isHeader(byte[] header) {
        ByteBuffer buffer = ByteBuffer.wrap(header);
        return Arrays.equals(Arrays.copyOf(header, 8), JournalFormat.FILE_MAGIC)
                && buffer.getInt(JournalFormat.HEADER_BYTES - 4)
                        == JournalFormat.crc(header, JournalFormat.HEADER_BYTES - 4);
    }

    /** The records of a frame; none if its keys are not given; null if it does not decrypt or parse. */
    private @Nullable List<LogRecord> open(FrameHeader frame, byte[] ciphertext, byte[] salt) throws IOException {
        DataKey key = fileKeys.get(frame.logId());
        if (key == null) {
            TenantKeys tenant = keys.of(frame.logId());
            if (tenant == null) {
                return List.of();
            }
            key = tenant.journalKey(salt);
            fileKeys.put(frame.logId(), key);
        }
        ByteBuffer plain;
        try {
            byte[] content = key.open(frame.frame(), ciphertext, frame.encode());
            plain = ByteBuffer.wrap(frame.compressed() ? decompressed(frame, content) : content);
        } catch (GeneralSecurityException e) {
            return null;
        }
        List<LogRecord> records = new ArrayList<>(Math.min(frame.count(), plain.remaining()));
        try {
            for (int i = 0; i < frame.count(); i++) {
                records.add(record(plain, frame.firstSeq() + i));
            }
            if (plain.hasRemaining()) {
                throw new IllegalArgumentException("bytes follow the last record");
            }
            return records;
        } catch (IllegalArgumentException e) {
            throw new CorruptFileException(
                    file, 0, "frame " + frame.frame() + " of log " + frame.logId() + ": " + Json.firstLine(e));
        }
    }

    private byte[] decompressed(FrameHeader frame, byte[] content) throws CorruptFileException {
        int length = content.length < 4 ? -1 : ByteBuffer.wrap(content).getInt();
        if (length >= 0 && length <= JournalFormat.FRAME_PLAIN_BYTES_MAX) {
            byte[] plain = new byte[length];
            long bytes = Zstd.decompressByteArray(plain, 0, length, content, 4, content.length - 4);
            if (!Zstd.isError(bytes) && bytes == length) {
                return plain;
            }
        }
        throw new CorruptFileException(
                file, 0, "frame " + frame.frame() + " of log " + frame.logId() + " does not decompress");
    }

    private static LogRecord record(ByteBuffer plain, long seq) {
        int length = plain.remaining() < 4 ? -1 : plain.getInt();
        if (length < 0 || length > plain.remaining()) {
            throw new IllegalArgumentException("record " + seq + " has no end");
        }
        byte[] line = new byte[length];
        plain.get(line);
        LogRecord record = LogRecord.parse(line);
        if (record.seq() != seq) {
            throw new IllegalArgumentException("expected record " + seq + ", found " + record.seq());
        }
        return record;
    }

    /** Fails if any frame behind a damaged place says that commit {@code damaged} had been synced before it. */
    private void requireNothingSynced(FileChannel channel, long from, long length, long damaged) throws IOException {
        int window = 1 << 20;
        for (long at = from; at < length; at += window) {
            int bytes = (int) Math.min(length - at, window + JournalFormat.FRAME_HEADER_BYTES);
            byte[] chunk = bytes(channel, at, bytes, length);
            if (chunk == null) {
                return;
            }
            for (int i = 0; i + JournalFormat.FRAME_HEADER_BYTES <= chunk.length; i++) {
                if (chunk[i] != 'E' || chunk[i + 1] != 'V' || chunk[i + 2] != 'F') {
                    continue;
                }
                FrameHeader later =
                        FrameHeader.decode(Arrays.copyOfRange(chunk, i, i + JournalFormat.FRAME_HEADER_BYTES));
                if (later != null && later.synced() >= damaged) {
                    throw new CorruptFileException(
                            file,
                            from,
                            "records that had been acknowledged are damaged: a whole frame of commit "
                                    + later.commit() + " follows at byte " + (at + i)
                                    + ". Nothing was dropped; restore the file from a copy or report tampering.");
                }
            }
        }
    }

    private static @Nullable FrameHeader frameAt(FileChannel channel, long at, long length) throws IOException {
        byte[] header = bytes(channel, at, JournalFormat.FRAME_HEADER_BYTES, length);
        return header == null ? null : FrameHeader.decode(header);
    }

    private static byte @Nullable [] bytes(FileChannel channel, long at, int count, long length) throws IOException {
        if (length - at < count) {
            return null;
        }
        ByteBuffer buffer = ByteBuffer.allocate(count);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, at + buffer.position()) < 0) {
                return null;
            }
        }
        return buffer.array();
    }
}
