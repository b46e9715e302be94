package dev.evidencevault.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** A storage whose n-th call fails. For one thread at a time. */
public final class FailingStorage implements Storage {
    /** How the call fails. */
    public enum Failure {
        /** It has no effect. */
        NOT_DONE,
        /** It is done, and reported as failed. */
        DONE,
        /** An append is done by half; other calls have no effect. */
        HALF,
        /** It has no effect, and neither has any later one that needs room. Overwriting blocks needs none. */
        DISK_FULL
    }

    private final Storage disk = new UnsyncedStorage();
    private final int failing;
    private final Failure failure;
    private int calls;

    /** Creates a storage whose call number {@code failing}, from 0, fails. */
    public FailingStorage(int failing, Failure failure) {
        this.failing = failing;
        this.failure = failure;
    }

    /** Returns how many calls there were. */
    public synchronized int calls() {
        return calls;
    }

    private interface Action {
        void run() throws IOException;
    }

    private synchronized void call(String what, boolean needsRoom, Action action, Action half) throws IOException {
        int number = calls++;
        boolean full = failure == Failure.DISK_FULL && number > failing && needsRoom;
        if (number != failing && !full) {
            action.run();
            return;
        }
        if (failure == Failure.DONE) {
            action.run();
        } else if (failure == Failure.HALF) {
            half.run();
        }
        throw new IOException("made to fail: call " + number + ", " + what);
    }

    @Override
    public void createDirectory(Path directory) throws IOException {
        call("mkdir " + directory, true, () -> disk.createDirectory(directory), () -> {});
    }

    @Override
    public Appender create(Path file) throws IOException {
        Appender[] created = new Appender[1];
        call("create " + file, true, () -> created[0] = disk.create(file), () -> {});
        Appender appender = created[0];
        return new Appender() {
            @Override
            public void append(ByteBuffer bytes) throws IOException {
                call("append to " + file, true, () -> appender.append(bytes), () -> {
                    bytes.limit(bytes.position() + bytes.remaining() / 2);
                    appender.append(bytes);
                });
            }

            @Override
            public void sync() throws IOException {
                call("sync " + file, true, appender::sync, () -> {});
            }

            @Override
            public void close() throws IOException {
                appender.close();
            }
        };
    }

    @Override
    public BlockFile openBlocks(Path file) throws IOException {
        BlockFile[] opened = new BlockFile[1];
        call("open " + file, false, () -> opened[0] = disk.openBlocks(file), () -> {});
        BlockFile blocks = opened[0];
        return new BlockFile() {
            @Override
            public void write(long position, ByteBuffer bytes) throws IOException {
                call("write to " + file, false, () -> blocks.write(position, bytes), () -> {
                    int half = bytes.remaining() / 2 / BLOCK_BYTES * BLOCK_BYTES;
                    blocks.write(position, bytes.limit(bytes.position() + half));
                });
            }

            @Override
            public void sync() throws IOException {
                call("sync " + file, false, blocks::sync, () -> {});
            }

            @Override
            public void close() throws IOException {
                blocks.close();
            }
        };
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        call("rename to " + to, false, () -> disk.rename(from, to), () -> {});
    }

    @Override
    public void delete(Path file) throws IOException {
        call("delete " + file, false, () -> disk.delete(file), () -> {});
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        call("sync " + directory, false, () -> disk.syncDirectory(directory), () -> {});
    }
}
