package dev.evidencevault.deposit;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import dev.evidencevault.crypto.aead.DataKey;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.FileMagic;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.LogId;
import dev.evidencevault.storage.Layout.LogDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The file of an item: in the clear which packs it needs, with the digests of their files; encrypted what it is and what is
 * in it. Immutable. Format: {@code docs/formats/deposit.md}.
 *
 * <pre>magic 8 (its seventh byte is the cipher) | kind 1 | log id 16 | number 8 | salt 32 | key commitment 32 | packs 4 | head's cipher bytes 4
 * | content's cipher bytes 4 | (pack's number 8, digest 32) * packs | head | content</pre>
 */
public final class ItemFile {
    private static final FileMagic MAGIC = new FileMagic("EVDIT\0\0\1");
    private static final int SALT_AT = 8 + 1 + LogId.BYTES + 8;
    private static final int FIXED_BYTES = SALT_AT + PackFormat.SALT_BYTES + Digest.BYTES + 4 + 4 + 4;
    private static final int PACK_REF_BYTES = 8 + Digest.BYTES;
    private static final int PACKS_MAX = 1_000_000;
    private static final int HEAD_BYTES_MAX = 512 << 10;
    private static final int HEAD_STEP_BYTES = 256;
    private static final int FILE_BYTES_MAX = 1 << 30;
    private static final int COMPRESSION_LEVEL = 3;

    private final Path path;
    private final long number;
    private final byte kindCode;
    private final LogId logId;
    private final SortedMap<Long, Digest> packs;
    private final byte[] clear;
    private final byte[] head;
    private final int contentBytes;

    private ItemFile(Path path, byte[] clear, byte[] head, int contentBytes) {
        this.path = path;
        this.clear = clear;
        this.head = head;
        this.contentBytes = contentBytes;
        ByteBuffer in = ByteBuffer.wrap(clear, FileMagic.BYTES, clear.length - FileMagic.BYTES);
        this.kindCode = in.get();
        this.logId = LogId.read(in);
        this.number = in.getLong();
        in.position(FIXED_BYTES);
        SortedMap<Long, Digest> read = new TreeMap<>();
        while (in.hasRemaining()) {
            long pack = in.getLong();
            byte[] digest = new byte[Digest.BYTES];
            in.get(digest);
            if (pack < 1 || !read.isEmpty() && pack <= read.lastKey()) {
                throw new IllegalArgumentException("the packs of an item ascend");
            }
            read.put(pack, Digest.of(digest));
        }
        this.packs = Collections.unmodifiableSortedMap(read);
    }

    /** Makes the bytes of a new item's file. */
    static byte[] seal(
            Depositor depositor, SecureRandom random, Item item, byte[] content, SortedMap<Long, Digest> packs)
            throws IOException {
        byte[] salt = new byte[PackFormat.SALT_BYTES];
        random.nextBytes(salt);
        DataKey key = depositor.keys().depositKey(item.number(), salt);
        byte[] head = padded(Json.bytes(item.toJson()));
        byte[] compressed = Zstd.compress(content, COMPRESSION_LEVEL);
        int refs = PACK_REF_BYTES * packs.size();
        long least = FIXED_BYTES + (long) refs + head.length + compressed.length + 8 + 2L * DataKey.OVERHEAD_BYTES;
        if (packs.size() > PACKS_MAX || Padding.padded(least) > FILE_BYTES_MAX) {
            throw new IOException("the list of what is in an item has at most 1 GiB; put its parts one by one");
        }
        byte[] body = Arrays.copyOf(
                ByteBuffer.allocate(8 + compressed.length)
                        .putInt(content.length)
                        .putInt(compressed.length)
                        .put(compressed)
                        .array(),
                (int) (Padding.padded(least) - least) + 8 + compressed.length);
        ByteBuffer clear = ByteBuffer.allocate(FIXED_BYTES + refs)
                .put(MAGIC.of(key.cipher()))
                .put(depositor.kind().code())
                .put(depositor.logId().bytes())
                .putLong(item.number())
                .put(salt)
                .put(key.commitment().bytes())
                .putInt(packs.size())
                .putInt(head.length + DataKey.OVERHEAD_BYTES)
                .putInt(body.length + DataKey.OVERHEAD_BYTES);
        packs.forEach((pack, digest) -> clear.putLong(pack).put(digest.bytes()));
        return ByteBuffer.allocate((int) Padding.padded(least))
                .put(clear.array())
                .put(key.seal(head, clear.array()))
                .put(key.seal(body, clear.array()))
                .array();
    }

    private static byte[] padded(byte[] json) {
        int length = Math.ceilDiv(4 + json.length, HEAD_STEP_BYTES) * HEAD_STEP_BYTES;
        return ByteBuffer.allocate(length).putInt(json.length).put(json).array();
    }

    /**
     * Reads the part in the clear and the head of an item's file, without a key.
     *
     * @throws CorruptFileException if it is missing or has not the form of that item of that kind and log
     */
    public static ItemFile read(LogDirectory directory, DepositKind kind, LogId logId, long number) throws IOException {
        Path file = directory.item(number);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new CorruptFileException(file, 0, "the item is missing");
        }
        try (InputStream in = Files.newInputStream(file)) {
            ByteBuffer fixed = ByteBuffer.wrap(in.readNBytes(FIXED_BYTES));
            if (fixed.remaining() < FIXED_BYTES
                    || MAGIC.cipher(Arrays.copyOf(fixed.array(), FileMagic.BYTES)) == null) {
                throw new IllegalArgumentException("expected an item of version 1");
            }
            fixed.position(FIXED_BYTES - 12);
            int packs = fixed.getInt();
            int headBytes = fixed.getInt();
            int contentBytes = fixed.getInt();
            long length = Files.size(file);
            if (packs < 0
                    || packs > PACKS_MAX
                    || headBytes < DataKey.OVERHEAD_BYTES
                    || headBytes > HEAD_BYTES_MAX
                    || contentBytes < DataKey.OVERHEAD_BYTES
                    || length > FILE_BYTES_MAX
                    || length != FIXED_BYTES + (long) PACK_REF_BYTES * packs + headBytes + contentBytes) {
                throw new IllegalArgumentException("the lengths of the parts are not together that of the file");
            }
            byte[] clear = Arrays.copyOf(fixed.array(), FIXED_BYTES + PACK_REF_BYTES * packs);
            int refs = in.readNBytes(clear, FIXED_BYTES, clear.length - FIXED_BYTES);
            byte[] head = in.readNBytes(headBytes);
            if (refs != clear.length - FIXED_BYTES || head.length != headBytes) {
                throw new IllegalArgumentException("the file ends too early");
            }
            ItemFile item = new ItemFile(file, clear, head, contentBytes);
            if (item.kindCode != kind.code() || !item.logId.equals(logId) || item.number != number) {
                throw new IllegalArgumentException("expected item " + number + " of log " + logId + ", found item "
                        + item.number + " of log " + item.logId);
            }
            return item;
        } catch (IllegalArgumentException e) {
            throw new CorruptFileException(file, 0, Json.firstLine(e));
        } catch (NoSuchFileException e) {
            throw new CorruptFileException(file, 0, "the item is missing");
        }
    }

    /** Returns the item's number. */
    public long number() {
        return number;
    }

    /** Returns the packs that the item needs, with the digests of their files. */
    public SortedMap<Long, Digest> packs() {
        return packs;
    }

    /** Returns SHA-256 of the file, as it is now. */
    public Digest digest() throws IOException {
        return Digest.sha256(path);
    }

    /**
     * Decrypts what the item is.
     *
     * @throws CorruptFileException if the file was altered
     */
    Item item(Depositor depositor) throws IOException {
        try {
            ByteBuffer plain = ByteBuffer.wrap(open(key(depositor), 0, head));
            Item item = Item.parse(json(plain));
            if (item.number() != number || item.kind() != depositor.kind()) {
                throw new IllegalArgumentException("the item is another than its file says");
            }
            return item;
        } catch (IllegalArgumentException e) {
            throw corrupt(clear.length, Json.firstLine(e));
        }
    }

    private static byte[] json(ByteBuffer plain) {
        int length = plain.remaining() < 4 ? -1 : plain.getInt();
        if (length < 0 || length > plain.remaining()) {
            throw new IllegalArgumentException("the head ends too early");
        }
        byte[] json = new byte[length];
        plain.get(json);
        if (plain.capacity() != padded(json).length) {
            throw new IllegalArgumentException("the head has another length");
        }
        return json;
    }

    /**
     * Decrypts what is in the item.
     *
     * @throws CorruptFileException if the file was altered, or holds what no item has
     */
    ItemContent content(Depositor depositor, Item item) throws IOException {
        int at = clear.length + head.length;
        byte[] ciphertext;
        try (InputStream in = Files.newInputStream(path)) {
            in.skipNBytes(at);
            ciphertext = in.readNBytes(contentBytes);
        }
        try {
            byte[] content = decompressed(open(key(depositor), 1, ciphertext));
            if (!Digest.sha256(content).equals(item.content())) {
                throw new IllegalArgumentException("what is in the item is not what its head says");
            }
            ItemContent decoded = ItemContent.decode(content);
            ItemEntry first = decoded.entries().get(0);
            long bytes = decoded.entries().stream().mapToLong(ItemEntry::bytes).sum();
            boolean directory = item.type() == Item.Type.DIRECTORY;
            if (decoded.entries().size() != item.entries()
                    || bytes != item.bytes()
                    || !first.path().isEmpty()
                    || directory != (first.type() == ItemEntry.Type.DIRECTORY)
                    || !directory && item.entries() != 1) {
                throw new IllegalArgumentException("the item has other entries than its head says");
            }
            return decoded;
        } catch (IllegalArgumentException e) {
            throw corrupt(at, Json.firstLine(e));
        }
    }

    private static byte[] decompressed(byte[] body) {
        ByteBuffer plain = ByteBuffer.wrap(body);
        int bytes = plain.remaining() < 8 ? -1 : plain.getInt();
        int compressed = bytes < 0 ? -1 : plain.getInt();
        if (bytes < 0 || bytes > ItemContent.BYTES_MAX || compressed < 0 || compressed > plain.remaining()) {
            throw new IllegalArgumentException("what is in the item has a length that cannot be");
        }
        byte[] content = new byte[bytes];
        try {
            long found = Zstd.decompressByteArray(content, 0, bytes, body, 8, compressed);
            if (found != bytes) {
                throw new IllegalArgumentException("expected " + bytes + " bytes in the item, found " + found);
            }
            return content;
        } catch (ZstdException e) {
            throw new IllegalArgumentException("what is in the item does not decompress: " + e.getMessage(), e);
        }
    }

    private DataKey key(Depositor depositor) throws CorruptFileException {
        byte[] salt = Arrays.copyOfRange(clear, SALT_AT, SALT_AT + PackFormat.SALT_BYTES);
        DataKey key = depositor.key(path, number, salt, Digest.read(clear, SALT_AT + PackFormat.SALT_BYTES));
        if (key.cipher() != MAGIC.cipher(Arrays.copyOf(clear, FileMagic.BYTES))) {
            throw corrupt(0, "expected an item that is encrypted with " + key.cipher());
        }
        return key;
    }

    private byte[] open(DataKey key, long nonce, byte[] ciphertext) throws CorruptFileException {
        try {
            return key.open(nonce, ciphertext, clear);
        } catch (GeneralSecurityException e) {
            throw corrupt(clear.length, "the item does not decrypt");
        }
    }

    private CorruptFileException corrupt(long offset, String problem) {
        return new CorruptFileException(path, offset, problem);
    }
}
