package dev.evidencevault.deposit;

import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.DepositRecord;
import dev.evidencevault.format.LogId;
import dev.evidencevault.format.Timestamps;
import dev.evidencevault.storage.DestroyedLogException;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Layout.LogDirectory;
import dev.evidencevault.storage.Storage;
import dev.evidencevault.storage.Tombstone;
import dev.evidencevault.storage.VaultLock;
import dev.evidencevault.storage.VaultLockedException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The deposits of one log: backups of one tenant's data, or of the service's own configuration. Safe for use by several
 * threads and processes: at any time one of them puts, and a second one that wants to is told so; all others read.
 *
 * <p>What is put is there whole when {@link #put} returns, or not at all. Chunks that a deposit had written which was cut short
 * are found again: the next one writes what is missing.
 */
public final class TenantBackups {
    private final Depositor depositor;
    private final Storage storage;
    private final Clock clock;
    private final @Nullable Recorder recorder;
    private final SecureRandom random = new SecureRandom();

    /** Takes items up into the log. */
    @FunctionalInterface
    public interface Recorder {
        /** Appends what the log does not hold yet, and returns when that is on disk. */
        void record() throws IOException;
    }

    /**
     * How a deposit is made.
     *
     * @param reuse whether chunks that are there are used again; without that all is written anew, whatever the state of
     *     earlier packs
     * @param progress is told how far it is
     */
    public record PutOptions(boolean reuse, DepositProgress progress) {
        /** Uses chunks again and tells nobody. */
        public static PutOptions defaults() {
            return new PutOptions(true, DepositProgress.NONE);
        }

        /** Returns the options with another listener. */
        public PutOptions withProgress(DepositProgress value) {
            return new PutOptions(reuse, value);
        }
    }

    /**
     * What was put.
     *
     * @param item the item
     * @param newBytes how many of its bytes were in chunks that were not there yet
     * @param changed files that changed while they were read
     * @param passedOver what was wrong with earlier packs, which were not used
     */
    public record Put(Item item, long newBytes, List<Path> changed, List<CorruptFileException> passedOver) {
        /** Copies the lists. */
        public Put {
            changed = List.copyOf(changed);
            passedOver = List.copyOf(passedOver);
        }
    }

    /** Reads what is to be put. */
    @FunctionalInterface
    private interface Source {
        List<Path> read(DepositWriter out, ItemContent.Encoder content) throws IOException;
    }

    /**
     * Creates the handle.
     *
     * @param recorder takes items up at once, or null to leave that to whoever writes the vault
     */
    public TenantBackups(Depositor depositor, Storage storage, Clock clock, @Nullable Recorder recorder) {
        this.depositor = depositor;
        this.storage = storage;
        this.clock = clock;
        this.recorder = recorder;
    }

    /** Returns the log's id. */
    public LogId logId() {
        return depositor.logId();
    }

    /** Returns which kind of set it is. */
    public DepositKind kind() {
        return depositor.kind();
    }

    /**
     * Puts what a stream has until its end. The stream is not closed.
     *
     * @throws VaultLockedException if another puts
     */
    public Put put(InputStream in, Deposit deposit, PutOptions options) throws IOException {
        long takenAt = now();
        return put(deposit, Item.Type.STREAM, takenAt, -1, options, (out, content) -> {
            DepositWriter.Taken taken = out.take(in);
            content.add(new ItemEntry(ItemEntry.Type.FILE, "", 0600, takenAt, taken.bytes(), taken.digest(), null));
            return List.of();
        });
    }

    /**
     * Puts a file, or a directory with all that is in it: paths, permissions, times, links as links.
     *
     * @throws VaultLockedException if another puts
     * @throws IOException also if there is anything but files, directories and symbolic links
     */
    public Put put(Path file, Deposit deposit, PutOptions options) throws IOException {
        long takenAt = now();
        long bytes = TreeReader.bytes(file);
        Item.Type type = Files.isDirectory(file) ? Item.Type.DIRECTORY : Item.Type.FILE;
        return put(deposit, type, takenAt, bytes, options, (out, content) -> {
            TreeReader tree = new TreeReader(out, content);
            tree.read(file);
            return tree.changed();
        });
    }

    private long now() {
        return Timestamps.nanos(clock.instant());
    }

    private Put put(Deposit deposit, Item.Type type, long takenAt, long bytes, PutOptions options, Source source)
            throws IOException {
        depositor.directory().requireWritable();
        if (!depositor.keys().takesDeposits()) {
            throw new IOException(
                    "the log's keys are of the first version and have none for backups; rotate them first");
        }
        Put put;
        requireReadable();
        VaultLock lock = lock();
        try {
            // Again: nothing is destroyed while the lock is held.
            requireReadable();
            removeUnfinished();
            KnownChunks known = new KnownChunks(depositor);
            if (options.reuse()) {
                known.load();
            }
            ItemContent.Encoder content = new ItemContent.Encoder();
            PackWriter packs = new PackWriter(depositor, storage, random, next(Layout.PACK_SUFFIX));
            try (DepositWriter out = new DepositWriter(depositor, known, packs, content, options.progress(), bytes)) {
                List<Path> changed = source.read(out, content);
                out.finish();
                SortedMap<Long, Digest> needed = new TreeMap<>(known.reused());
                needed.putAll(packs.written());
                Item item = item(deposit, type, takenAt, out.bytes(), content);
                commit(item, ItemFile.seal(depositor, random, item, content.bytes(), needed));
                put = new Put(item, out.newBytes(), changed, known.passedOver());
            }
        } finally {
            lock.close();
        }
        Recorder now = recorder;
        if (now != null) {
            now.record();
        }
        return put;
    }

    private Item item(Deposit deposit, Item.Type type, long takenAt, long bytes, ItemContent.Encoder content)
            throws IOException {
        return new Item(
                depositor.kind(),
                next(Layout.ITEM_SUFFIX),
                deposit,
                type,
                takenAt,
                bytes,
                content.entries(),
                Digest.sha256(content.bytes()));
    }

    /** The rename is the commit point of the deposit: its packs are synced by now, and so are their names. */
    private void commit(Item item, byte[] file) throws IOException {
        storage.replace(depositor.directory().item(item.number()), file);
    }

    private long next(String suffix) throws IOException {
        List<Long> numbers = Layout.numbers(depositor.directory().backups(), suffix);
        return numbers.isEmpty() ? 1 : numbers.get(numbers.size() - 1) + 1;
    }

    private VaultLock lock() throws IOException {
        LogDirectory directory = depositor.directory();
        if (!Files.exists(directory.backups())) {
            try {
                storage.createDirectory(directory.backups());
            } catch (FileAlreadyExistsException e) {
                // Another was first.
                storage.syncDirectory(directory.path());
            }
            storage.syncDirectory(directory.path());
        }
        try {
            return VaultLock.acquire(directory.backupsLock());
        } catch (VaultLockedException e) {
            throw new VaultLockedException("another process puts a backup of the same "
                    + depositor.kind().label() + "; wait for it or stop it, then put again");
        }
    }

    /** Removes what was begun and not finished. Only who holds the lock may. */
    private void removeUnfinished() throws IOException {
        for (Path file : Layout.list(depositor.directory().backups())) {
            String name = String.valueOf(file.getFileName());
            // What says that an item is recorded is the vault's writer's, who holds no lock here.
            if (name.endsWith(Layout.PACK_SUFFIX + Layout.TEMPORARY_SUFFIX)
                    || name.endsWith(Layout.ITEM_SUFFIX + Layout.TEMPORARY_SUFFIX)) {
                storage.delete(file);
            }
        }
    }

    /** Reads what there is. An item that is damaged or missing stands among those that are broken, and hides no other. */
    public Catalogue catalogue() throws IOException {
        requireReadable();
        List<Item> items = new ArrayList<>();
        List<CorruptFileException> broken = new ArrayList<>();
        List<Long> numbers = Layout.numbers(depositor.directory().backups(), Layout.ITEM_SUFFIX);
        long last = numbers.isEmpty() ? 0 : numbers.get(numbers.size() - 1);
        for (long number = 1; number <= last; number++) {
            try {
                items.add(file(number).item(depositor));
            } catch (CorruptFileException e) {
                broken.add(e);
            }
        }
        return new Catalogue(items, broken);
    }

    private void requireReadable() throws DestroyedLogException {
        if (Tombstone.isAt(depositor.directory())) {
            throw new DestroyedLogException(depositor.logId());
        }
    }

    private ItemFile file(long number) throws IOException {
        requireReadable();
        return ItemFile.read(depositor.directory(), depositor.kind(), depositor.logId(), number);
    }

    /**
     * Returns what the log has to hold of an item.
     *
     * @throws CorruptFileException if the item is missing or damaged
     */
    public DepositRecord record(long number) throws IOException {
        ItemFile file = file(number);
        Item item = file.item(depositor);
        return new DepositRecord(number, item.name(), item.service(), item.bytes(), item.content(), file.digest());
    }

    /**
     * Returns when an item was taken, in nanoseconds since 1970.
     *
     * @throws CorruptFileException if the item is missing or damaged
     */
    public long takenAt(long number) throws IOException {
        return file(number).item(depositor).takenAt();
    }

    /** Says whether the log is known to hold an item. */
    public boolean isRecorded(Item item) {
        return Files.exists(depositor.directory().recorded(item.number()));
    }

    /** Returns the packs that an item needs, with the digests of their files. */
    public SortedMap<Long, Digest> packs(Item item) throws IOException {
        return file(item.number()).packs();
    }

    /**
     * Returns what is in an item.
     *
     * @throws CorruptFileException if its file is damaged
     */
    public List<ItemEntry> entries(Item item) throws IOException {
        return file(item.number()).content(depositor, item).entries();
    }

    /**
     * Restores an item to a place where nothing is yet; it appears there when it is whole.
     *
     * @throws FileAlreadyExistsException if something is there
     * @throws CorruptFileException if the item or a pack is missing or damaged; nothing is there then
     */
    public void restore(Item item, Path target, DepositProgress progress) throws IOException {
        restore(item, "", target, progress);
    }

    /**
     * Restores a part of an item: a file, or a directory with what is in it.
     *
     * @param path where it lies in the item; empty for all of it
     * @throws java.nio.file.NoSuchFileException if there is nothing of that path in the item
     */
    public void restore(Item item, String path, Path target, DepositProgress progress) throws IOException {
        ItemFile file = file(item.number());
        ItemContent content = file.content(depositor, item);
        List<ItemEntry> wanted =
                content.entries().stream().filter(entry -> isIn(entry, path)).toList();
        if (wanted.isEmpty()) {
            throw new java.nio.file.NoSuchFileException(path, null, "there is nothing of this path in the item");
        }
        long total = wanted.stream().mapToLong(ItemEntry::bytes).sum();
        try (TreeWriter tree = new TreeWriter(target, path);
                ItemReader reader = new ItemReader(depositor, file, content)) {
            for (ItemEntry entry : wanted) {
                tree.begin(entry);
            }
            reader.read(entry -> isIn(entry, path), new Counted(tree, progress, total));
            tree.finish();
        }
    }

    private static boolean isIn(ItemEntry entry, String path) {
        return path.isEmpty() || entry.path().equals(path) || entry.path().startsWith(path + "/");
    }

    /**
     * Writes the content of an item that is one file or came from a stream. What is written before an exception is thrown is not
     * the whole.
     *
     * @throws IllegalArgumentException if it is a directory
     */
    public void copy(Item item, OutputStream out, DepositProgress progress) throws IOException {
        if (item.type() == Item.Type.DIRECTORY) {
            throw new IllegalArgumentException("item " + item.number() + " is a directory, which is no row of bytes");
        }
        ItemFile file = file(item.number());
        try (ItemReader reader = new ItemReader(depositor, file, file.content(depositor, item))) {
            reader.read(entry -> true, new Counted(new Copy(out), progress, item.bytes()));
        }
    }

    /** Writes a file to a stream. */
    private record Copy(OutputStream out) implements ItemReader.Taker {
        @Override
        public void take(ItemEntry file, byte[] bytes, int from, int length) throws IOException {
            out.write(bytes, from, length);
        }

        @Override
        public void end(ItemEntry file) throws IOException {
            out.flush();
        }
    }

    /**
     * Reads all packs, each chunk once: they decrypt and are those that were put, by their keyed ids. What is in the items
     * follows from that and from their lists of chunks.
     *
     * @return what is wrong with packs; empty if nothing is
     */
    public List<CorruptFileException> checkPacks(DepositProgress progress) throws IOException {
        List<CorruptFileException> broken = new ArrayList<>();
        ChunkIds ids = new ChunkIds(depositor.keys().chunkIdKey());
        long done = 0;
        for (long number : depositor.packs().numbers()) {
            try (PackFile pack = new PackFile(depositor, number)) {
                for (PackFile.Chunk chunk : pack.chunks()) {
                    byte[] bytes = pack.read(chunk);
                    if (!ids.of(bytes, 0, bytes.length).equals(chunk.id())) {
                        throw new CorruptFileException(
                                depositor.directory().pack(number),
                                chunk.offset(),
                                "chunk " + chunk.ordinal() + " has another id than it was put under");
                    }
                    done += bytes.length;
                    progress.at(done, -1);
                }
            } catch (CorruptFileException e) {
                broken.add(e);
            }
        }
        return broken;
    }

    /**
     * Reads the list of what is in an item, and that each of its chunks is in a pack that it names.
     *
     * @throws CorruptFileException if that is not so
     */
    public void checkList(Item item) throws IOException {
        ItemFile file = file(item.number());
        new ItemReader(depositor, file, file.content(depositor, item)).close();
    }

    /**
     * Reads all of an item: its chunks are those that were put, by their keyed ids, and the files have the digests that the item
     * says.
     *
     * @throws CorruptFileException if they are not
     */
    public void check(Item item, DepositProgress progress) throws IOException {
        ItemFile file = file(item.number());
        ItemContent content = file.content(depositor, item);
        try (ItemReader reader = new ItemReader(depositor, file, content)) {
            ChunkIds ids = new ChunkIds(depositor.keys().chunkIdKey());
            reader.read(
                    entry -> true,
                    new Counted(new IdCheck(ids, depositor.directory().item(item.number())), progress, item.bytes()));
        }
    }

    /** Compares chunks with their ids. */
    private record IdCheck(ChunkIds ids, Path itemFile) implements ItemReader.Taker {
        @Override
        public void chunk(ItemContent.ChunkRef chunk, byte[] bytes) throws IOException {
            if (!ids.of(bytes, 0, bytes.length).equals(chunk.id())) {
                throw new CorruptFileException(itemFile, 0, "a chunk has another id than it was put under");
            }
        }

        @Override
        public void take(ItemEntry file, byte[] bytes, int from, int length) {}

        @Override
        public void end(ItemEntry file) {}
    }

    /** Tells how far it is. */
    private static final class Counted implements ItemReader.Taker {
        private final ItemReader.Taker taker;
        private final DepositProgress progress;
        private final long total;
        private long done;

        Counted(ItemReader.Taker taker, DepositProgress progress, long total) {
            this.taker = taker;
            this.progress = progress;
            this.total = total;
        }

        @Override
        public void chunk(ItemContent.ChunkRef chunk, byte[] bytes) throws IOException {
            taker.chunk(chunk, bytes);
        }

        @Override
        public void take(ItemEntry file, byte[] bytes, int from, int length) throws IOException {
            taker.take(file, bytes, from, length);
            done += length;
            progress.at(done, total);
        }

        @Override
        public void end(ItemEntry file) throws IOException {
            taker.end(file);
        }
    }
}
