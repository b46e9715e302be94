package dev.evidencevault.campaign;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * How far a process life has come: for each thread and tenant how many events were appended, and how many, from the first
 * without a gap, have their receipts. In a mapped file, so that reporting costs no system call and outlives a kill. Each
 * thread writes its own places only.
 */
final class Progress {
    private static final VarHandle LONGS = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final int HEADER = 4;

    private final ByteBuffer buffer;

    private Progress(ByteBuffer buffer) {
        this.buffer = buffer;
    }

    private static int bytes(int threads, int tenants) {
        return Long.BYTES * (HEADER + 2 * threads * tenants);
    }

    private Progress header(int round, int threads, int tenants, int eventBytes) {
        set(1, threads);
        set(2, tenants);
        set(3, eventBytes);
        // Last: a file without it counts nothing.
        set(0, round + 1L);
        return this;
    }

    /** Makes one in memory. */
    static Progress of(int round, int threads, int tenants, int eventBytes) {
        return new Progress(ByteBuffer.allocateDirect(bytes(threads, tenants)))
                .header(round, threads, tenants, eventBytes);
    }

    /** Makes one in a new file. */
    static Progress create(Path file, int round, int threads, int tenants, int eventBytes) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return new Progress(channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes(threads, tenants)))
                    .header(round, threads, tenants, eventBytes);
        }
    }

    /** Reads what there is now. A life that did not get as far as counting has done nothing. */
    static Progress read(Path file, WriterPlan plan) throws IOException {
        byte[] content = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
        Progress read = new Progress(
                ByteBuffer.allocateDirect(Math.max(content.length, Long.BYTES)).put(content));
        return read.get(0) == 0 ? of(plan.round(), plan.threads(), plan.tenants(), plan.eventBytes()) : read;
    }

    /** Returns what was appended by now and acknowledged then. */
    Progress acknowledgedBy(Progress earlier) {
        Progress both = of(round(), threads(), tenants(), eventBytes());
        for (int thread = 0; thread < threads(); thread++) {
            for (int tenant = 0; tenant < tenants(); tenant++) {
                both.append(thread, tenant, appended(thread, tenant));
                both.acknowledge(thread, tenant, earlier.acknowledged(thread, tenant));
            }
        }
        return both;
    }

    private long get(int index) {
        return (long) LONGS.getVolatile(buffer, index * Long.BYTES);
    }

    private void set(int index, long value) {
        LONGS.setVolatile(buffer, index * Long.BYTES, value);
    }

    private int place(int thread, int tenant) {
        return HEADER + 2 * (thread * tenants() + tenant);
    }

    int round() {
        return Math.toIntExact(get(0) - 1);
    }

    int threads() {
        return Math.toIntExact(get(1));
    }

    int tenants() {
        return Math.toIntExact(get(2));
    }

    int eventBytes() {
        return Math.toIntExact(get(3));
    }

    long appended(int thread, int tenant) {
        return get(place(thread, tenant));
    }

    long acknowledged(int thread, int tenant) {
        return get(place(thread, tenant) + 1);
    }

    /** To be called before the append. */
    void append(int thread, int tenant, long count) {
        set(place(thread, tenant), count);
    }

    /** To be called after the receipt. */
    void acknowledge(int thread, int tenant, long count) {
        set(place(thread, tenant) + 1, count);
    }

    long acknowledged() {
        long sum = 0;
        for (int tenant = 0; tenant < tenants(); tenant++) {
            sum += acknowledgedOf(tenant);
        }
        return sum;
    }

    long acknowledgedOf(int tenant) {
        long sum = 0;
        for (int thread = 0; thread < threads() && tenant < tenants(); thread++) {
            sum += acknowledged(thread, tenant);
        }
        return sum;
    }
}
