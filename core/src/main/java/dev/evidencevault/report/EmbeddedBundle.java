package dev.evidencevault.report;

import dev.evidencevault.bundle.BundleFiles;
import dev.evidencevault.bundle.BundleLayout;
import dev.evidencevault.bundle.LeafLine;
import dev.evidencevault.bundle.MalformedBundleException;
import dev.evidencevault.bundle.SegmentLine;
import dev.evidencevault.bundle.StrictLines;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.LogRecord;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What of a bundle goes into a page: all of its records and proofs or, where that is too much, the first records with
 * their leaves. Reads each file twice and holds a line of it. For one thread.
 */
final class EmbeddedBundle {
    private static final int SMALL_FILE_BYTES_MAX = 2 << 20;

    private final BundleFiles files;
    private final ReportBounds bounds;
    private final Map<String, String> unreadable = new TreeMap<>();
    private final long records;
    private final long leaves;
    private final long segments;
    private final boolean whole;
    private final long recordsEmbedded;

    EmbeddedBundle(BundleFiles files, ReportBounds bounds) throws IOException {
        this.files = files;
        this.bounds = bounds;
        long[] first = new long[1];
        records = count(BundleLayout.RECORDS, LogRecord.LINE_BYTES_MAX, first);
        leaves = count(BundleLayout.LEAVES, LeafLine.BYTES_MAX, new long[1]);
        segments = count(BundleLayout.SEGMENTS, SegmentLine.BYTES_MAX, new long[1]);
        whole = first[0] == records
                && size(BundleLayout.LEAVES) <= bounds.proofBytesMax()
                && size(BundleLayout.SEGMENTS) <= bounds.proofBytesMax();
        recordsEmbedded = first[0];
    }

    /** Counts the lines that can be read, and the first of them that are within the bounds. */
    private long count(String name, int lineBytesMax, long[] first) throws IOException {
        long lines = 0;
        long bytes = 0;
        if (!files.sizes().containsKey(name)) {
            unreadable.put(name, "the file is missing");
            return 0;
        }
        try (StrictLines in = new StrictLines(files, name, lineBytesMax)) {
            for (byte[] line = in.next(); line != null; line = in.next()) {
                lines++;
                bytes += line.length;
                if (lines <= bounds.recordsMax() && bytes <= bounds.recordBytesMax()) {
                    first[0] = lines;
                }
            }
        } catch (MalformedBundleException e) {
            unreadable.put(name, e.problem());
        }
        return lines;
    }

    private long size(String name) {
        return files.sizes().getOrDefault(name, 0L);
    }

    /** Returns how many records the bundle has. */
    long records() {
        return records;
    }

    /** Returns how many of them the page carries: the first. */
    long recordsEmbedded() {
        return recordsEmbedded;
    }

    /** Returns how many lines of leaves the page carries. */
    long leavesEmbedded() {
        return whole ? leaves : recordsEmbedded;
    }

    /** Says whether the page carries all records and proofs. */
    boolean isWhole() {
        return whole;
    }

    /** Returns what could not be read, by file, with the reason. */
    Map<String, String> unreadable() {
        return unreadable;
    }

    /** Returns how many time stamps the bundle has. */
    long timeStamps() {
        return BundleLayout.timeStamps().stream()
                .filter(name -> files.sizes().containsKey(name))
                .count();
    }

    /** Writes the small files, time stamps among them, a line each. Companions of the evidence are not checked in a page. */
    void writeFiles(Writer out) throws IOException {
        TreeSet<String> names =
                new TreeSet<>(BundleLayout.tags(name -> files.sizes().containsKey(name)));
        names.removeAll(List.of(BundleLayout.LEAVES, BundleLayout.SEGMENTS));
        names.removeAll(BundleLayout.companions());
        names.add(BundleLayout.TAG_MANIFEST);
        names.add(BundleLayout.SIGNATURE);
        names.add(BundleLayout.POST_QUANTUM_SIGNATURE);
        try (DataBlock block = new DataBlock(out, "data-files")) {
            for (String name : names) {
                if (size(name) > SMALL_FILE_BYTES_MAX) {
                    unreadable.put(name, "a file has at most " + SMALL_FILE_BYTES_MAX + " bytes");
                } else if (files.sizes().containsKey(name)) {
                    block.file(name, files.read(name, SMALL_FILE_BYTES_MAX));
                }
            }
        }
    }

    /** Writes the lines of segments, if the page carries them. */
    void writeSegments(Writer out) throws IOException {
        write(out, "data-segments", BundleLayout.SEGMENTS, SegmentLine.BYTES_MAX, whole ? segments : 0);
    }

    /** Writes the records that the page carries. */
    void writeRecords(Writer out) throws IOException {
        write(out, "data-records", BundleLayout.RECORDS, LogRecord.LINE_BYTES_MAX, recordsEmbedded);
    }

    /** Writes all lines of leaves, or those of the records that the page carries. */
    void writeLeaves(Writer out) throws IOException {
        if (whole) {
            write(out, "data-leaves", BundleLayout.LEAVES, LeafLine.BYTES_MAX, leaves);
            return;
        }
        try (DataBlock block = new DataBlock(out, "data-leaves")) {
            if (unreadable.containsKey(BundleLayout.LEAVES) && leaves == 0) {
                return;
            }
            try (StrictLines in = new StrictLines(files, BundleLayout.LEAVES, LeafLine.BYTES_MAX)) {
                long left = recordsEmbedded;
                for (long i = 0; i < leaves && left > 0; i++) {
                    byte[] line = in.next();
                    if (line != null && isOfRecord(line)) {
                        block.line(line);
                        left--;
                    }
                }
            }
        }
    }

    private boolean isOfRecord(byte[] line) {
        try {
            return LeafLine.parse(line).isShown();
        } catch (IllegalArgumentException e) {
            unreadable.putIfAbsent(BundleLayout.LEAVES, Json.firstLine(e));
            return false;
        }
    }

    private void write(Writer out, String id, String name, int lineBytesMax, long lines) throws IOException {
        try (DataBlock block = new DataBlock(out, id)) {
            if (lines == 0) {
                return;
            }
            try (StrictLines in = new StrictLines(files, name, lineBytesMax)) {
                for (long i = 0; i < lines; i++) {
                    byte[] line = in.next();
                    if (line == null) {
                        throw new IOException(name + " changed while it was read");
                    }
                    block.line(line);
                }
            }
        }
    }

    /** Returns the names of all files, ascending. */
    List<String> names() {
        return new ArrayList<>(files.sizes().keySet());
    }
}
