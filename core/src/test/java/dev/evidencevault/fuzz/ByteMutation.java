package dev.evidencevault.fuzz;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;

/** Changes of bytes that know nothing of what the bytes mean. */
public final class ByteMutation {
    private static final int RUN_MAX = 64;
    private static final int LONG_RUN = 100_000;

    private ByteMutation() {}

    /** Changes some bytes; {@code other} is another input of the same kind. */
    public static byte[] mutate(Random random, byte[] bytes, byte[] other) {
        int length = bytes.length;
        if (length == 0) {
            return random.nextBoolean() ? other.clone() : random(random, random.nextInt(RUN_MAX));
        }
        int from = random.nextInt(length);
        int to = Math.min(length, from + 1 + random.nextInt(RUN_MAX));
        return switch (random.nextInt(11)) {
            case 0, 1 -> flipped(random, bytes);
            case 2 -> {
                byte[] changed = bytes.clone();
                changed[from] = (byte) (int) Fuzz.one(random, 0, 255, 127, 128, 10, 34, 92, random.nextInt(256));
                yield changed;
            }
            case 3 -> joined(Arrays.copyOf(bytes, from), Arrays.copyOfRange(bytes, to, length));
            case 4 -> joined(Arrays.copyOf(bytes, to), Arrays.copyOfRange(bytes, from, length));
            case 5 -> Arrays.copyOf(bytes, from);
            case 6 -> joined(bytes, random(random, 1 + random.nextInt(RUN_MAX)));
            case 7 ->
                joined(
                        Arrays.copyOf(bytes, from),
                        random(random, 1 + random.nextInt(RUN_MAX)),
                        Arrays.copyOfRange(bytes, from, length));
            case 8 -> {
                byte[] run = new byte[random.nextInt(LONG_RUN)];
                Arrays.fill(run, bytes[from]);
                yield joined(Arrays.copyOf(bytes, from), run, Arrays.copyOfRange(bytes, from, length));
            }
            case 9 -> {
                int at = other.length == 0 ? 0 : random.nextInt(other.length);
                yield joined(Arrays.copyOf(bytes, from), Arrays.copyOfRange(other, at, other.length));
            }
            default -> number(random, bytes);
        };
    }

    /** Flips one to three bits. */
    public static byte[] flipped(Random random, byte[] bytes) {
        byte[] changed = bytes.clone();
        for (int i = random.nextInt(3); i >= 0 && changed.length > 0; i--) {
            changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return changed;
    }

    /** Changes what may be a big-endian number of 8 bytes. */
    static byte[] number(Random random, byte[] bytes) {
        if (bytes.length < Long.BYTES) {
            return flipped(random, bytes);
        }
        byte[] changed = bytes.clone();
        int at = (random.nextInt(bytes.length - Long.BYTES + 1) / 4) * 4;
        long value = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            value = value << 8 | bytes[at + i] & 0xff;
        }
        value = near(random, value);
        for (int i = Long.BYTES - 1; i >= 0; i--) {
            changed[at + i] = (byte) value;
            value >>= 8;
        }
        return changed;
    }

    /** Returns a number that is beside another one, or at an end. */
    static long near(Random random, long value) {
        return Fuzz.one(
                random,
                value + 1,
                value - 1,
                -value,
                value * 2,
                value + 1_000_000_000L,
                0L,
                -1L,
                Long.MAX_VALUE,
                Long.MAX_VALUE - 1,
                Long.MIN_VALUE,
                1L << 32,
                1L << 62,
                (long) Integer.MAX_VALUE + 1,
                random.nextLong());
    }

    public static byte[] random(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    public static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
