package dev.evidencevault.fuzz;

import dev.evidencevault.bundle.BundleLayout;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;

/**
 * A ZIP file as its parts, each of which can lie: written apart from what it is to try. Without a change it is in the one
 * spelling of bundles.
 */
final class ZipText {
    private static final int LOCAL = 0x04034b50;
    private static final int CENTRAL = 0x02014b50;
    private static final int END = 0x06054b50;

    private final List<Part> parts = new ArrayList<>();
    private byte[] before = new byte[0];
    private byte[] between = new byte[0];
    private byte[] after = new byte[0];
    private int count;
    private int directoryDelta;

    /** An entry, in what its headers say of it. */
    private static final class Part {
        private byte[] name;
        private final byte[] content;
        private int version = 20;
        private int flags;
        private int method;
        private int time;
        private int date = 0x21;
        private int crc;
        private long compressed;
        private long size;
        private byte[] extra = new byte[0];
        private int external;
        private long offsetDelta;
        private boolean listed = true;

        Part(String name, byte[] content) {
            this.name = name.getBytes(StandardCharsets.UTF_8);
            this.content = content;
            CRC32 sum = new CRC32();
            sum.update(content);
            this.crc = (int) sum.getValue();
            this.compressed = content.length;
            this.size = content.length;
        }

        Part(Part other) {
            this(new String(other.name, StandardCharsets.UTF_8), other.content);
        }

        private void put(ByteBuffer buffer) {
            buffer.putShort((short) version)
                    .putShort((short) flags)
                    .putShort((short) method)
                    .putShort((short) time)
                    .putShort((short) date)
                    .putInt(crc)
                    .putInt((int) compressed)
                    .putInt((int) size)
                    .putShort((short) name.length)
                    .putShort((short) extra.length);
        }
    }

    /** The files of a bag. */
    ZipText(Map<String, byte[]> files) {
        this(BundleLayout.BAG, files);
    }

    /** Entries, in the order of the map, with this before each name. */
    ZipText(String before, Map<String, byte[]> files) {
        files.forEach((name, content) -> parts.add(new Part(before + name, content)));
        this.count = parts.size();
    }

    /** Changes names, sizes, counts, fields, the order of entries, or what lies between them. */
    ZipText mutate(Random random) {
        int at = random.nextInt(parts.size());
        int with = random.nextInt(parts.size());
        Part part = parts.get(at);
        switch (random.nextInt(20)) {
            case 0 -> Collections.swap(parts, at, with);
            case 1 -> parts.add(at, new Part(part));
            case 2 -> parts.remove(at);
            case 3 -> part.name = name(random, new String(part.name, StandardCharsets.UTF_8));
            case 4 -> part.size = size(random, part.size);
            case 5 -> {
                part.size = size(random, part.size);
                part.compressed = part.size;
            }
            case 6 -> part.compressed = size(random, part.size);
            case 7 -> part.crc = random.nextInt();
            case 8 -> part.flags = 1 << random.nextInt(16);
            case 9 -> part.method = Fuzz.one(random, 8, 9, 12, 14, 93, 99, 65535);
            case 10 -> part.version = Fuzz.one(random, 10, 45, 63, 0, 65535);
            case 11 -> {
                part.time = random.nextInt(1 << 16);
                part.date = random.nextInt(1 << 16);
            }
            case 12 -> part.extra = ByteMutation.random(random, Fuzz.one(random, 1, 4, 24, 65535));
            case 13 -> part.external = 0xA1FF << 16;
            case 14 -> part.offsetDelta = Fuzz.one(random, 1L, -1L, 1L << 31, 1L << 32, (long) part.content.length);
            case 15 -> part.listed = false;
            case 16 -> count = Fuzz.one(random, 0, count - 1, count + 1, 0xffff, 0x8000);
            case 17 -> directoryDelta = Fuzz.one(random, 1, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, -22);
            case 18 -> {
                byte[] noise = ByteMutation.random(random, 1 + random.nextInt(70_000));
                switch (random.nextInt(3)) {
                    case 0 -> before = noise;
                    case 1 -> between = noise;
                    default -> after = noise;
                }
            }
            default -> {
                for (int i = 0; i < Fuzz.one(random, 100, 983, 984, 985, 1200); i++) {
                    parts.add(new Part("bag/zz/" + String.format("%06d", i), new byte[0]));
                }
                count = parts.size();
            }
        }
        return this;
    }

    private static long size(Random random, long size) {
        return Fuzz.one(random, 0L, size - 1, size + 1, size + 40, 0xffff_ffffL, 0x7fff_ffffL, 0x8000_0000L, 1L << 30);
    }

    private static byte[] name(Random random, String name) {
        String other = Fuzz.one(
                random,
                "",
                "/" + name,
                "../" + name,
                "bag/../" + name,
                name + "/",
                name.replace('/', '\\'),
                name.toUpperCase(java.util.Locale.ROOT),
                name + "\0",
                name + ".",
                "bag//" + name,
                "bag/./x",
                "bag/.hidden",
                "C:\\x",
                name.replace('a', '\u0430'),
                name + "\u0301",
                "a/".repeat(99) + "a",
                "a/".repeat(5000) + "a",
                "x".repeat(201),
                "x".repeat(200),
                "x".repeat(65_535),
                name.substring(0, name.length() - 1),
                name + "0");
        return other.getBytes(StandardCharsets.UTF_8);
    }

    /** Returns the bytes of the file. */
    byte[] bytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream directory = new ByteArrayOutputStream();
        out.writeBytes(before);
        for (Part part : parts) {
            long offset = out.size() + part.offsetDelta;
            ByteBuffer local = little(30);
            local.putInt(LOCAL);
            part.put(local);
            out.writeBytes(local.array());
            out.writeBytes(part.name);
            out.writeBytes(part.extra);
            out.writeBytes(part.content);
            if (part.listed) {
                ByteBuffer central = little(46);
                central.putInt(CENTRAL).putShort((short) 20);
                part.put(central);
                central.putShort((short) 0)
                        .putShort((short) 0)
                        .putShort((short) 0)
                        .putInt(part.external)
                        .putInt((int) offset);
                directory.writeBytes(central.array());
                directory.writeBytes(part.name);
                directory.writeBytes(part.extra);
            }
        }
        out.writeBytes(between);
        int at = out.size();
        out.writeBytes(directory.toByteArray());
        ByteBuffer end = little(22);
        end.putInt(END)
                .putInt(0)
                .putShort((short) count)
                .putShort((short) count)
                .putInt(directory.size())
                .putInt(at + directoryDelta)
                .putShort((short) 0);
        out.writeBytes(end.array());
        out.writeBytes(after);
        return out.toByteArray();
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
