package dev.evidencevault.deposit;

import dev.evidencevault.crypto.merkle.Digest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A file, a directory or a symbolic link of an item. Immutable.
 *
 * @param type which of the three
 * @param path where it lies in the item: names joined by {@code /}; empty for the item's own directory
 * @param mode the nine permission bits of POSIX
 * @param modifiedAt when it was changed, in nanoseconds since 1970
 * @param bytes a file's length; 0 of others
 * @param digest SHA-256 of a file's content; absent in others
 * @param target where a link leads; absent in others
 */
public record ItemEntry(
        Type type,
        String path,
        int mode,
        long modifiedAt,
        long bytes,
        @Nullable Digest digest,
        @Nullable String target) {
    /** The longest path and the longest target of a link, in bytes of UTF-8. */
    static final int PATH_BYTES_MAX = 32_768;

    private static final int MODE_MAX = 0777;

    /** What an entry is. */
    public enum Type {
        /** A regular file. */
        FILE(1),
        /** A directory. */
        DIRECTORY(2),
        /** A symbolic link, which is never followed. */
        LINK(3);

        final byte code;

        Type(int code) {
            this.code = (byte) code;
        }

        static Type ofCode(int code) {
            for (Type type : values()) {
                if (type.code == code) {
                    return type;
                }
            }
            throw new IllegalArgumentException("there is no entry of type " + code);
        }
    }

    /**
     * Checks the parts.
     *
     * @throws IllegalArgumentException if the path leads anywhere but below the item, or a part does not belong to the type
     */
    public ItemEntry {
        requirePath(path);
        if (mode < 0 || mode > MODE_MAX) {
            throw new IllegalArgumentException("expected nine permission bits, found " + Integer.toOctalString(mode));
        }
        if (bytes < 0 || type != Type.FILE && bytes != 0) {
            throw new IllegalArgumentException("an entry cannot have " + bytes + " bytes");
        }
        if ((digest != null) != (type == Type.FILE) || (target != null) != (type == Type.LINK)) {
            throw new IllegalArgumentException("a file has a digest and a link has a target, nothing else has");
        }
        if (target != null && (target.isEmpty() || target.indexOf('\0') >= 0 || utf8(target).length > PATH_BYTES_MAX)) {
            throw new IllegalArgumentException("a link has a target of 1 to 32,768 bytes");
        }
        if (path.isEmpty() && type == Type.LINK) {
            throw new IllegalArgumentException("an item is no link");
        }
    }

    private static void requirePath(String path) {
        if (path.isEmpty()) {
            return;
        }
        if (path.indexOf('\0') >= 0 || utf8(path).length > PATH_BYTES_MAX) {
            throw new IllegalArgumentException("a path has at most 32,768 bytes, none of them zero");
        }
        for (String name : path.split("/", -1)) {
            if (name.isEmpty() || name.equals(".") || name.equals("..")) {
                throw new IllegalArgumentException(
                        "expected names joined by /, none of them empty, . or .., found " + path);
            }
        }
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Compares in the order of an item: a directory comes right before what is in it. */
    static int compare(String path, String other) {
        return Arrays.compareUnsigned(utf8(path.replace('/', '\0')), utf8(other.replace('/', '\0')));
    }
}
