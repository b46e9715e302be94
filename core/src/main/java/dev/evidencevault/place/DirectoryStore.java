package dev.evidencevault.place;

import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.storage.LocalStorage;
import dev.evidencevault.storage.Storage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.DigestInputStream;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A directory as a store: each object is a file below it, whose path is its key.
 *
 * <p>A file is written under another name, synced, and linked to its own: that is the commit point, and it fails if the name
 * is taken. Then its directory is synced. A directory retains nothing: whoever may write it may delete.
 */
public final class DirectoryStore implements ObjectStore {
    /** The end of the name of a file that is not in place yet. */
    static final String UNFINISHED_SUFFIX = ".tmp";

    private static final int BUFFER_BYTES = 1 << 16;
    private static final int NAME_BYTES = 8;

    private final Path root;
    private final Storage storage;
    private final SecureRandom random = new SecureRandom();

    /** Creates a store in a directory, which is made with the first object if its parent is there. */
    public DirectoryStore(Path root) {
        this(root, new LocalStorage());
    }

    /** Creates a store whose durable steps go through a storage. */
    public DirectoryStore(Path root, Storage storage) {
        this.root = root;
        this.storage = storage;
    }

    /** Returns the directory. */
    public Path root() {
        return root;
    }

    @Override
    public String name() {
        return root.toString();
    }

    @Override
    public String location() {
        return root.toAbsolutePath().normalize().toString();
    }

    @Override
    public boolean canRetain() {
        return false;
    }

    @Override
    public boolean retainsByItself() {
        return false;
    }

    @Override
    public void put(String key, ObjectContent content, @Nullable Instant retainUntil) throws IOException {
        if (retainUntil != null) {
            throw retainsNothing();
        }
        Path file = file(key);
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            requireSame(file, content);
            return;
        }
        Path unfinished = write(file, content);
        try {
            Files.createLink(file, unfinished);
        } catch (FileAlreadyExistsException e) {
            requireSame(file, content);
        } finally {
            storage.delete(unfinished);
        }
        storage.syncDirectory(Storage.directoryOf(file));
        if (Files.size(file) != content.bytes()) {
            throw new IOException(file + " has not the length that was written");
        }
    }

    @Override
    public void retain(String key, Instant until) {
        throw retainsNothing();
    }

    private IllegalArgumentException retainsNothing() {
        return new IllegalArgumentException(
                name() + " is a directory, which cannot retain objects; a store with Object Lock can");
    }

    private static void requireSame(Path file, ObjectContent content) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                || Files.size(file) != content.bytes()
                || !Digest.sha256(file).equals(content.digest())) {
            throw new FileAlreadyExistsException(
                    file.toString(),
                    null,
                    "there is another object of this name, which never changes: expected SHA-256 " + content.digest());
        }
    }

    @Override
    public void replace(String key, byte[] content) throws IOException {
        Path file = file(key);
        Path unfinished = write(file, ObjectContent.of(content));
        storage.rename(unfinished, file);
        storage.syncDirectory(Storage.directoryOf(file));
    }

    /** Writes and syncs a file beside the one that it is to become; leaves nothing when that fails. */
    private Path write(Path file, ObjectContent content) throws IOException {
        Path directory = Storage.directoryOf(file);
        createDirectories(directory);
        byte[] name = new byte[NAME_BYTES];
        random.nextBytes(name);
        Path unfinished = directory.resolve(HexFormat.of().formatHex(name) + UNFINISHED_SUFFIX);
        boolean whole = false;
        try (DigestInputStream in = new DigestInputStream(content.source().open(), Digest.computation())) {
            try (Storage.Appender out = storage.create(unfinished)) {
                byte[] buffer = new byte[BUFFER_BYTES];
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    out.append(ByteBuffer.wrap(buffer, 0, read));
                }
                out.sync();
            }
            Digest written = Digest.of(in.getMessageDigest().digest());
            if (!written.equals(content.digest())) {
                throw new IOException("what was to be written to " + file + " changed: expected SHA-256 "
                        + content.digest() + ", found " + written);
            }
            whole = true;
            return unfinished;
        } finally {
            if (!whole) {
                Files.deleteIfExists(unfinished);
            }
        }
    }

    private void createDirectories(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        if (!directory.equals(root.toAbsolutePath())) {
            createDirectories(Storage.directoryOf(directory));
        }
        try {
            storage.createDirectory(directory);
        } catch (FileAlreadyExistsException e) {
            // Another thread made it.
            return;
        }
        storage.syncDirectory(Storage.directoryOf(directory));
    }

    @Override
    public InputStream get(String key, long offset, long bytes) throws IOException {
        Path file = file(key);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new NoSuchFileException(file.toString());
        }
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        channel.position(offset);
        InputStream in = Channels.newInputStream(channel);
        return bytes == Long.MAX_VALUE ? in : new BoundedStream(in, bytes);
    }

    @Override
    public List<StoredObject> list(String prefix) throws IOException {
        List<StoredObject> objects = new ArrayList<>();
        visit(prefix, (file, bytes) -> {
            String key = root.relativize(file).toString().replace('\\', '/');
            if (!key.endsWith(UNFINISHED_SUFFIX)) {
                objects.add(new StoredObject(key, bytes));
            }
        });
        objects.sort(Comparator.comparing(StoredObject::key));
        return objects;
    }

    @Override
    public void tidy(String prefix) throws IOException {
        List<Path> unfinished = new ArrayList<>();
        visit(prefix, (file, bytes) -> {
            if (file.toString().endsWith(UNFINISHED_SUFFIX)) {
                unfinished.add(file);
            }
        });
        for (Path file : unfinished) {
            storage.delete(file);
            storage.syncDirectory(Storage.directoryOf(file));
        }
    }

    private void visit(String prefix, ObjLongConsumer<Path> visitor) throws IOException {
        Path from = prefix.isEmpty() ? root : root.resolve(prefix);
        if (!Files.isDirectory(from)) {
            return;
        }
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                visitor.accept(file, attributes.size());
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                // What another run had not finished goes, or gets its name.
                if (e instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw e;
            }
        });
    }

    @Override
    public void delete(String key) throws IOException {
        Path file = file(key);
        storage.delete(file);
        if (Files.isDirectory(Storage.directoryOf(file))) {
            storage.syncDirectory(Storage.directoryOf(file));
        }
    }

    private Path file(String key) {
        return root.toAbsolutePath().resolve(ObjectKey.require(key));
    }

    @Override
    public void close() {}
}
