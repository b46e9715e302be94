package dev.evidencevault.crypto.zip;

import dev.evidencevault.crypto.zip.StoredZip.Entry;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/** How names, headers and directory of a ZIP file are written. */
final class ZipSpelling {
    static final int LOCAL = 0x04034b50;
    static final int LOCAL_BYTES = 30;
    static final int NAME_BYTES_MAX = 200;

    private static final int CENTRAL = 0x02014b50;
    private static final int CENTRAL_BYTES = 46;
    private static final int END = 0x06054b50;
    private static final int END_BYTES = 22;
    private static final short VERSION = 20;
    private static final short DATE_1980 = 0x21;
    private static final int MESSAGE_CHARS_MAX = 60;

    /** Parts joined by slashes, none of which is empty or begins with a dot. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*");

    private ZipSpelling() {}

    /**
     * Checks the name of the next entry.
     *
     * @throws IllegalArgumentException if it may not stand here
     */
    static void requireName(String name, List<Entry> before) {
        if (name.length() > NAME_BYTES_MAX || !NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("not the name of a file in a ZIP file: " + printable(name));
        }
        if (before.isEmpty()) {
            return;
        }
        String previous = before.get(before.size() - 1).name();
        boolean afterMimetype = before.size() == 1 && previous.equals(StoredZip.MIMETYPE);
        if (name.equals(StoredZip.MIMETYPE) || !afterMimetype && previous.compareTo(name) >= 0) {
            throw new IllegalArgumentException("the name " + name + " comes twice or out of order");
        }
    }

    /** Returns a name that may hold anything as text that a terminal shows as it is. */
    private static String printable(String name) {
        String text = name.length() > MESSAGE_CHARS_MAX ? name.substring(0, MESSAGE_CHARS_MAX) + "…" : name;
        return '"' + text.replaceAll("[^\\x20-\\x7e]", "?") + '"';
    }

    /** Returns the local header with the name. */
    static ByteBuffer local(Entry entry) {
        ByteBuffer buffer = little(LOCAL_BYTES + entry.name().length());
        buffer.putInt(LOCAL);
        putCommon(buffer, entry);
        return buffer.put(entry.name().getBytes(StandardCharsets.ISO_8859_1)).flip();
    }

    private static void putCommon(ByteBuffer buffer, Entry entry) {
        buffer.putShort(VERSION)
                .putShort((short) 0)
                .putShort((short) 0)
                .putShort((short) 0)
                .putShort(DATE_1980)
                .putInt(entry.crc())
                .putInt((int) entry.bytes())
                .putInt((int) entry.bytes())
                .putShort((short) entry.name().length())
                .putShort((short) 0);
    }

    /** Returns the central headers and the end record, which begin at {@code at}. */
    static ByteBuffer directory(List<Entry> entries, long at) {
        int centralBytes = entries.stream()
                .mapToInt(entry -> CENTRAL_BYTES + entry.name().length())
                .sum();
        ByteBuffer buffer = little(centralBytes + END_BYTES);
        for (Entry entry : entries) {
            buffer.putInt(CENTRAL).putShort(VERSION);
            putCommon(buffer, entry);
            buffer.putShort((short) 0)
                    .putShort((short) 0)
                    .putShort((short) 0)
                    .putInt(0)
                    .putInt((int) (entry.offset() - LOCAL_BYTES - entry.name().length()))
                    .put(entry.name().getBytes(StandardCharsets.ISO_8859_1));
        }
        buffer.putInt(END)
                .putInt(0)
                .putShort((short) entries.size())
                .putShort((short) entries.size())
                .putInt(centralBytes)
                .putInt((int) at)
                .putShort((short) 0);
        return buffer.flip();
    }

    static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
