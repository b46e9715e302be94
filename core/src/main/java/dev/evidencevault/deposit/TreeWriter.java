package dev.evidencevault.deposit;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Writes entries of an item to a place that does not exist yet. All of it is written beside that place, under a name that ends
 * in {@code .unfinished}, and gets its own name when it is whole. Nothing is written through a link: links are made when
 * all else is there. For one thread, once.
 */
final class TreeWriter implements ItemReader.Taker, Closeable {
    private static final int DIRECTORY_MODE = 0700;
    private static final FileAttribute<?>[] OWNER_ONLY =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                    ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(TreeReader.permissions(0600))}
                    : new FileAttribute<?>[0];

    private final UnfinishedTarget target;
    private final Path unfinished;
    private final String below;
    private final List<ItemEntry> directories = new ArrayList<>();
    private final List<ItemEntry> links = new ArrayList<>();
    private @Nullable FileChannel out;

    /**
     * Creates the writer.
     *
     * @param target a path where nothing is yet
     * @param below the path in the item that becomes the target
     * @throws FileAlreadyExistsException if something is there
     * @throws NoSuchFileException if there is no directory for it
     */
    TreeWriter(Path target, String below) throws IOException {
        this.target = new UnfinishedTarget(target);
        this.unfinished = this.target.path();
        this.below = below;
    }

    private Path place(ItemEntry entry) {
        if (entry.path().equals(below)) {
            return unfinished;
        }
        String relative = below.isEmpty() ? entry.path() : entry.path().substring(below.length() + 1);
        Path place = unfinished.resolve(relative).normalize();
        if (!place.startsWith(unfinished)) {
            throw new IllegalArgumentException("the path " + entry.path() + " leads out of the target");
        }
        return place;
    }

    /** Makes a directory, or remembers a link. Files come by {@link #take}. */
    void begin(ItemEntry entry) throws IOException {
        switch (entry.type()) {
            case DIRECTORY -> {
                Files.createDirectory(place(entry));
                setMode(place(entry), DIRECTORY_MODE);
                directories.add(entry);
            }
            case LINK -> links.add(entry);
            case FILE -> {
                // Is begun when its content comes.
            }
        }
    }

    @Override
    public void take(ItemEntry file, byte[] bytes, int from, int length) throws IOException {
        FileChannel channel = out == null ? create(file) : out;
        try {
            ByteBuffer buffer = ByteBuffer.wrap(bytes, from, length);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        } catch (IOException e) {
            throw new IOException("cannot write " + place(file) + ": " + e.getMessage(), e);
        }
    }

    private FileChannel create(ItemEntry file) throws IOException {
        FileChannel channel = FileChannel.open(
                place(file), Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), OWNER_ONLY);
        out = channel;
        return channel;
    }

    @Override
    public void end(ItemEntry file) throws IOException {
        if (out == null) {
            create(file);
        }
        closeFile();
        setAttributes(file);
    }

    private void closeFile() throws IOException {
        FileChannel channel = out;
        out = null;
        if (channel != null) {
            channel.close();
        }
    }

    /** Makes the links, sets what directories have, and gives the whole its name. */
    void finish() throws IOException {
        for (ItemEntry link : links) {
            Files.createSymbolicLink(place(link), Path.of(String.valueOf(link.target())));
            setTime(place(link), link);
        }
        for (int i = directories.size() - 1; i >= 0; i--) {
            setAttributes(directories.get(i));
        }
        target.finish();
    }

    private void setAttributes(ItemEntry entry) throws IOException {
        setMode(place(entry), entry.mode());
        setTime(place(entry), entry);
    }

    static void setMode(Path file, int mode) throws IOException {
        PosixFileAttributeView view =
                Files.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (view != null) {
            view.setPermissions(TreeReader.permissions(mode));
        }
    }

    private static void setTime(Path file, ItemEntry entry) throws IOException {
        Files.getFileAttributeView(file, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .setTimes(FileTime.from(entry.modifiedAt(), TimeUnit.NANOSECONDS), null, null);
    }

    /** Removes what is not whole. */
    @Override
    public void close() throws IOException {
        closeFile();
        target.close();
    }
}
