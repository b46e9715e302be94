package dev.evidencevault.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A storage that does what it is told on the real disk and remembers every call, so that the state of the disk after a
 * crash at any of them can be made: POSIX gives no promise for a file's bytes before its sync, nor for its name before
 * that of its directory. For one thread at a time.
 */
public final class SimulatedDisk implements Storage {
    /** What of the unsynced bytes and names a crash leaves. */
    public enum Crash {
        /** Everything, as after a kill of the process alone. */
        ALL_KEPT(true, Data.KEPT),
        /** Nothing that was not synced. */
        ALL_DROPPED(false, Data.DROPPED),
        /** Names that were not synced, files without the bytes that were not. */
        DATA_DROPPED(true, Data.DROPPED),
        /** Names, and the first half of the unsynced bytes. */
        DATA_TORN(true, Data.TORN),
        /** Names and lengths, with zeros in place of the unsynced bytes. */
        DATA_ZEROED(true, Data.ZEROED),
        /** Names, and of the unsynced bytes every other sector: a disk writes in what order it likes. */
        DATA_SCATTERED(true, Data.SCATTERED),
        /** Bytes, but only names that were synced. */
        NAMES_DROPPED(false, Data.KEPT);

        private final boolean names;
        private final Data data;

        Crash(boolean names, Data data) {
            this.names = names;
            this.data = data;
        }
    }

    private enum Data {
        KEPT,
        DROPPED,
        TORN,
        ZEROED,
        SCATTERED
    }

    private static final int SECTOR_BYTES = 512;

    private sealed interface Node permits Directory, File {}

    private static final class Directory implements Node {
        final Map<String, Node> names = new TreeMap<>();
        final Map<String, Node> synced = new TreeMap<>();
    }

    private static final class File implements Node {
        private byte[] bytes = new byte[0];
        private byte[] synced = new byte[0];

        /** Places and lengths of what was written since the last sync. */
        private final List<int[]> unsynced = new ArrayList<>();

        void write(int at, byte[] what) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length, at + what.length));
            System.arraycopy(what, 0, bytes, at, what.length);
            unsynced.add(new int[] {at, what.length});
        }

        void sync() {
            synced = bytes.clone();
            unsynced.clear();
        }

        byte[] after(Data data) {
            if (data == Data.KEPT) {
                return bytes;
            }
            if (data == Data.DROPPED) {
                return synced;
            }
            int total = unsynced.stream().mapToInt(range -> range[1]).sum();
            byte[] after = Arrays.copyOf(synced, data == Data.TORN ? synced.length : bytes.length);
            int seen = 0;
            for (int[] range : unsynced) {
                for (int i = range[0]; i < range[0] + range[1]; i++, seen++) {
                    boolean kept = switch (data) {
                        case TORN -> seen < (total + 1) / 2;
                        case SCATTERED -> i / SECTOR_BYTES % 2 == 0;
                        default -> false;
                    };
                    if (kept && i >= after.length) {
                        after = Arrays.copyOf(after, i + 1);
                    }
                    if (kept) {
                        after[i] = bytes[i];
                    } else if (data == Data.ZEROED) {
                        after[i] = 0;
                    }
                }
            }
            return after;
        }
    }

    /** A call, as it acts on the model. */
    private interface Call {
        void apply(Directory root);
    }

    private final Storage disk = new UnsyncedStorage();
    private final Path base;
    private final List<Call> calls = new ArrayList<>();

    /** Creates a disk whose tree begins at a directory, which is empty. */
    public SimulatedDisk(Path base) {
        this.base = base;
    }

    /** Returns how many calls there were. */
    public synchronized int calls() {
        return calls.size();
    }

    private synchronized void remember(Call call) {
        calls.add(call);
    }

    private static Directory directory(Directory root, Path relative) {
        Directory at = root;
        for (Path name : relative) {
            if (name.toString().isEmpty()) {
                continue;
            }
            if (!(at.names.get(name.toString()) instanceof Directory next)) {
                throw new IllegalStateException("no directory " + relative);
            }
            at = next;
        }
        return at;
    }

    private Path parent(Path path) {
        return base.relativize(Storage.directoryOf(path));
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }

    @Override
    public void createDirectory(Path path) throws IOException {
        disk.createDirectory(path);
        remember(root -> directory(root, parent(path)).names.put(name(path), new Directory()));
    }

    @Override
    public Appender create(Path path) throws IOException {
        Appender appender = disk.create(path);
        File[] file = new File[1];
        remember(root -> {
            file[0] = new File();
            directory(root, parent(path)).names.put(name(path), file[0]);
        });
        return new Appender() {
            @Override
            public void append(ByteBuffer bytes) throws IOException {
                byte[] copy = new byte[bytes.remaining()];
                bytes.duplicate().get(copy);
                appender.append(bytes);
                remember(root -> file[0].write(file[0].bytes.length, copy));
            }

            @Override
            public void sync() throws IOException {
                appender.sync();
                remember(root -> file[0].sync());
            }

            @Override
            public void close() throws IOException {
                appender.close();
            }
        };
    }

    @Override
    public BlockFile openBlocks(Path path) throws IOException {
        BlockFile blocks = disk.openBlocks(path);
        File[] file = new File[1];
        remember(root -> {
            if (!(directory(root, parent(path)).names.get(name(path)) instanceof File found)) {
                throw new IllegalStateException("no file " + path);
            }
            file[0] = found;
        });
        return new BlockFile() {
            @Override
            public void write(long position, ByteBuffer bytes) throws IOException {
                byte[] copy = new byte[bytes.remaining()];
                bytes.duplicate().get(copy);
                blocks.write(position, bytes);
                remember(root -> file[0].write((int) position, copy));
            }

            @Override
            public void sync() throws IOException {
                blocks.sync();
                remember(root -> file[0].sync());
            }

            @Override
            public void close() throws IOException {
                blocks.close();
            }
        };
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        disk.rename(from, to);
        remember(root -> {
            Node node = directory(root, parent(from)).names.remove(name(from));
            directory(root, parent(to)).names.put(name(to), node);
        });
    }

    @Override
    public void delete(Path path) throws IOException {
        disk.delete(path);
        remember(root -> directory(root, parent(path)).names.remove(name(path)));
    }

    @Override
    public void syncDirectory(Path path) throws IOException {
        disk.syncDirectory(path);
        remember(root -> {
            Directory directory = directory(root, base.relativize(path.toAbsolutePath()));
            directory.synced.clear();
            directory.synced.putAll(directory.names);
        });
    }

    /** Writes the state after a crash before call {@code at} into a directory that does not exist. */
    public synchronized void crash(int at, Crash crash, Path target) throws IOException {
        Directory root = new Directory();
        calls.subList(0, at).forEach(call -> call.apply(root));
        write(root, crash, target);
    }

    private static void write(Directory directory, Crash crash, Path target) throws IOException {
        Files.createDirectory(target);
        for (Map.Entry<String, Node> entry : (crash.names ? directory.names : directory.synced).entrySet()) {
            Path path = target.resolve(entry.getKey());
            switch (entry.getValue()) {
                case Directory child -> write(child, crash, path);
                case File file -> Files.write(path, file.after(crash.data));
            }
        }
    }
}
