package dev.evidencevault.index;

import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.format.RecordKind;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Lines one after the other, each behind four bytes with its length, big-endian, as blocks and frames have them: finds the
 * records in them and parses only those that can match. Immutable as long as nobody changes the array.
 */
final class BlockLines {
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private final Path file;
    private final byte[] plain;
    private final int from;
    private final int to;
    private final long firstSeq;
    private final int count;

    /**
     * Takes lines where they stand.
     *
     * @param file where they are from
     * @param plain the lines, from {@code from} to before {@code to}
     * @param firstSeq the seq of the first
     * @param count how many there are
     */
    BlockLines(Path file, byte[] plain, int from, int to, long firstSeq, int count) {
        this.file = file;
        this.plain = plain;
        this.from = from;
        this.to = to;
        this.firstSeq = firstSeq;
        this.count = count;
    }

    /** Says of a record whether it is wanted. */
    interface Wanted {
        /** Says whether a line can be one. */
        boolean mayBe(byte[] source, int from, int to);

        /** Says whether a record is one. */
        boolean is(LogRecord record);
    }

    /**
     * Returns the events that are wanted, from a seq on.
     *
     * @throws CorruptFileException if the lines are not whole, or one that was parsed is not the record of its place
     */
    List<LogRecord> events(Wanted wanted, long fromSeq) throws CorruptFileException {
        List<LogRecord> found = new ArrayList<>();
        int at = from;
        for (int i = 0; i < count; i++) {
            int length = to - at < 4 ? -1 : (int) INTS.get(plain, at);
            at += 4;
            if (length < 0 || length > to - at) {
                throw corrupt("record " + (firstSeq + i) + " has no end");
            }
            if (firstSeq + i >= fromSeq && wanted.mayBe(plain, at, at + length)) {
                LogRecord record = parse(at, at + length, firstSeq + i);
                if (record.kind() == RecordKind.EVENT && wanted.is(record)) {
                    found.add(record);
                }
            }
            at += length;
        }
        if (at != to) {
            throw corrupt("bytes follow the last record");
        }
        return found;
    }

    private LogRecord parse(int lineFrom, int lineTo, long seq) throws CorruptFileException {
        try {
            LogRecord record = LogRecord.parse(Arrays.copyOfRange(plain, lineFrom, lineTo));
            if (record.seq() != seq) {
                throw new IllegalArgumentException("expected record " + seq + ", found " + record.seq());
            }
            return record;
        } catch (IllegalArgumentException e) {
            throw corrupt(Json.firstLine(e));
        }
    }

    private CorruptFileException corrupt(String what) {
        return new CorruptFileException(file, 0, "in the block of record " + firstSeq + ": " + what);
    }
}
