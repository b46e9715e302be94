package dev.evidencevault.deposit;

import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.storage.Layout;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Reads a file or a directory with all that is in it. Links are kept as links and never followed; what is neither file nor
 * directory nor link is refused. For one thread, once.
 */
final class TreeReader {
    private static final int DIRECTORY_MODE = 0755;
    private static final int FILE_MODE = 0644;

    /** The bits of a mode, the highest first. */
    private static final List<PosixFilePermission> BITS = List.of(
            PosixFilePermission.OWNER_READ,
            PosixFilePermission.OWNER_WRITE,
            PosixFilePermission.OWNER_EXECUTE,
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.GROUP_EXECUTE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE,
            PosixFilePermission.OTHERS_EXECUTE);

    private final DepositWriter out;
    private final ItemContent.Encoder content;
    private final List<Path> changed = new ArrayList<>();

    TreeReader(DepositWriter out, ItemContent.Encoder content) {
        this.out = out;
        this.content = content;
    }

    /** Returns the files that changed while they were read: what is kept of them may be a state that they never had. */
    List<Path> changed() {
        return changed;
    }

    /** Returns how many bytes the files have together, as far as that can be told. */
    static long bytes(Path root) throws IOException {
        BasicFileAttributes attributes = attributes(root);
        if (attributes.isRegularFile()) {
            return attributes.size();
        }
        long bytes = 0;
        if (attributes.isDirectory()) {
            for (Path entry : Layout.list(root)) {
                bytes += bytes(entry);
            }
        }
        return bytes;
    }

    /** Reads the item. */
    void read(Path root) throws IOException {
        if (Files.isSymbolicLink(root)) {
            throw new IOException(root + " is a symbolic link; name what it leads to");
        }
        read(root, "");
    }

    private void read(Path file, String path) throws IOException {
        BasicFileAttributes attributes = attributes(file);
        long modifiedAt = attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS);
        if (attributes.isSymbolicLink()) {
            String target = name(Files.readSymbolicLink(file), file);
            content.add(new ItemEntry(ItemEntry.Type.LINK, path, mode(attributes), modifiedAt, 0, null, target));
        } else if (attributes.isDirectory()) {
            content.add(new ItemEntry(ItemEntry.Type.DIRECTORY, path, mode(attributes), modifiedAt, 0, null, null));
            for (Path entry : children(file)) {
                String name = name(entry.getFileName(), entry);
                read(entry, path.isEmpty() ? name : path + "/" + name);
            }
        } else if (attributes.isRegularFile()) {
            DepositWriter.Taken taken;
            try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
                taken = out.take(in);
            }
            add(path, mode(attributes), modifiedAt, taken.bytes(), taken.digest());
            BasicFileAttributes after = attributes(file);
            if (taken.bytes() != attributes.size() || !after.lastModifiedTime().equals(attributes.lastModifiedTime())) {
                changed.add(file);
            }
        } else {
            throw new IOException(file + " is a pipe, a socket or a device, which cannot be deposited");
        }
    }

    private void add(String path, int mode, long modifiedAt, long bytes, Digest digest) throws IOException {
        content.add(new ItemEntry(ItemEntry.Type.FILE, path, mode, modifiedAt, bytes, digest, null));
    }

    private static List<Path> children(Path directory) throws IOException {
        List<Path> children = new ArrayList<>(Layout.list(directory));
        children.sort((a, b) -> ItemEntry.compare(String.valueOf(a.getFileName()), String.valueOf(b.getFileName())));
        return children;
    }

    /** The text of a name. Java puts another character for bytes that are no text, and would not find the file again. */
    private static String name(Path name, Path file) throws IOException {
        String text = String.valueOf(name);
        if (text.indexOf('\uFFFD') >= 0) {
            throw new IOException(file + " has a name that is no text in this locale; set LC_ALL to one with UTF-8");
        }
        return text;
    }

    private static BasicFileAttributes attributes(Path file) throws IOException {
        Class<? extends BasicFileAttributes> type =
                file.getFileSystem().supportedFileAttributeViews().contains("posix")
                        ? PosixFileAttributes.class
                        : BasicFileAttributes.class;
        return Files.readAttributes(file, type, LinkOption.NOFOLLOW_LINKS);
    }

    private static int mode(BasicFileAttributes attributes) {
        if (attributes instanceof PosixFileAttributes posix) {
            return mode(posix.permissions());
        }
        return attributes.isDirectory() ? DIRECTORY_MODE : FILE_MODE;
    }

    private static int mode(Set<PosixFilePermission> permissions) {
        int mode = 0;
        for (PosixFilePermission permission : BITS) {
            mode = 2 * mode + (permissions.contains(permission) ? 1 : 0);
        }
        return mode;
    }

    /** Returns the permissions that nine bits stand for. */
    static Set<PosixFilePermission> permissions(int mode) {
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        for (int bit = 0; bit < BITS.size(); bit++) {
            if ((mode >> bit & 1) != 0) {
                permissions.add(BITS.get(BITS.size() - 1 - bit));
            }
        }
        return permissions;
    }
}
