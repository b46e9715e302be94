package dev.evidencevault.journal;

import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.LogId;
import dev.evidencevault.format.LogRecord;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A frame of the journal that was decrypted: records of one log, in their order.
 *
 * @param file where it was found
 * @param logId the log
 * @param firstSeq the seq of the first record
 * @param count how many records
 * @param plain for each record the length of its line as 4 bytes and the line; to be read only
 */
public record JournalFrame(Path file, LogId logId, long firstSeq, int count, ByteBuffer plain) {
    /**
     * Returns the lines.
     *
     * @throws CorruptFileException if they are not {@code count} whole ones
     */
    public List<byte[]> lines() throws CorruptFileException {
        ByteBuffer rest = plain.duplicate();
        List<byte[]> lines = new ArrayList<>(Math.min(count, rest.remaining() / 4));
        for (int i = 0; i < count; i++) {
            int length = rest.remaining() < 4 ? -1 : rest.getInt();
            if (length < 0 || length > rest.remaining()) {
                throw corrupt("record " + (firstSeq + i) + " has no end");
            }
            int from = rest.arrayOffset() + rest.position();
            lines.add(Arrays.copyOfRange(rest.array(), from, from + length));
            rest.position(rest.position() + length);
        }
        if (rest.hasRemaining()) {
            throw corrupt("bytes follow the last record");
        }
        return lines;
    }

    /**
     * Returns the records, parsed.
     *
     * @throws CorruptFileException if they are not the ones that the frame says it holds
     */
    public List<LogRecord> records() throws CorruptFileException {
        List<LogRecord> records = new ArrayList<>(count);
        for (byte[] line : lines()) {
            try {
                LogRecord record = LogRecord.parse(line);
                if (record.seq() != firstSeq + records.size()) {
                    throw new IllegalArgumentException(
                            "expected record " + (firstSeq + records.size()) + ", found " + record.seq());
                }
                records.add(record);
            } catch (IllegalArgumentException e) {
                throw corrupt(Json.firstLine(e));
            }
        }
        return records;
    }

    private CorruptFileException corrupt(String what) {
        return new CorruptFileException(file, 0, "in a frame of log " + logId + ": " + what);
    }
}
