package dev.evidencevault.journal;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import dev.evidencevault.crypto.aead.DataKey;
import dev.evidencevault.crypto.keys.TenantKeys;
import dev.evidencevault.format.LogId;
import dev.evidencevault.journal.JournalFormat.FrameHeader;
import dev.evidencevault.storage.Storage;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes one journal file, from its beginning, in one process life. Not safe for use by several threads at once.
 *
 * <p>Each tenant's frames are under a key that is derived from the tenant's and from the file's 32 random bytes; the
 * nonce is the frame's number. A file that was closed is never opened for writing again, so that no nonce comes twice.
 */
public final class JournalWriter implements Closeable {
    /** Below, compression costs more than the disk. */
    private static final int COMPRESSED_BYTES_MIN = 1024;

    private static final int COMPRESSION_LEVEL = 1;

    private final Path file;
    private final Storage.Appender out;
    private final byte[] salt = new byte[JournalFormat.SALT_BYTES];
    private final Map<LogId, DataKey> keys = new HashMap<>();

    /** Made once: making one costs more than a small frame. */
    private final ZstdCompressCtx compressor = new ZstdCompressCtx().setLevel(COMPRESSION_LEVEL);

    private long recordBytes;
    private long frames;
    private long commits;

    /**
     * The records of one tenant in a commit.
     *
     * @param logId the tenant's log
     * @param tenantKeys its keys
     * @param firstSeq the seq of the first record
     * @param lines the lines, without gaps; not copied
     */
    public record TenantLines(LogId logId, TenantKeys tenantKeys, long firstSeq, List<byte[]> lines) {}

    /** Creates the file and makes its name durable. */
    public JournalWriter(Path file, long number, Storage storage, SecureRandom random) throws IOException {
        this.file = file;
        random.nextBytes(salt);
        this.out = storage.create(file);
        try {
            out.append(ByteBuffer.wrap(JournalFormat.header(number, salt)));
            storage.syncDirectory(Storage.directoryOf(file));
        } catch (IOException e) {
            compressor.close();
            out.close();
            throw e;
        }
    }

    /** Returns the file. */
    public Path file() {
        return file;
    }

    /** Returns how many bytes its records have, uncompressed. */
    public long recordBytes() {
        return recordBytes;
    }

    /**
     * Writes a commit, one frame a tenant, in one write, and syncs it. The return from the sync is the commit point: what
     * the frames hold is durable from then on.
     */
    public void commit(List<TenantLines> tenants) throws IOException {
        commits++;
        byte[][] headers = new byte[tenants.size()][];
        byte[][] ciphertexts = new byte[tenants.size()][];
        int total = 0;
        for (int i = 0; i < tenants.size(); i++) {
            TenantLines tenant = tenants.get(i);
            byte[] lines = plain(tenant.lines());
            recordBytes += lines.length;
            byte[] compressed = compressed(lines);
            byte[] plain = compressed == null ? lines : compressed;
            FrameHeader header = new FrameHeader(
                    compressed != null,
                    frames,
                    commits,
                    tenants.size(),
                    commits - 1,
                    tenant.logId(),
                    tenant.firstSeq(),
                    tenant.lines().size(),
                    plain.length + DataKey.OVERHEAD_BYTES);
            headers[i] = header.encode();
            DataKey key = keys.computeIfAbsent(
                    tenant.logId(), id -> tenant.tenantKeys().journalKey(salt));
            ciphertexts[i] = key.sealAt(frames, plain, headers[i]);
            frames++;
            total += headers[i].length + ciphertexts[i].length;
        }
        ByteBuffer buffer = ByteBuffer.allocate(total);
        for (int i = 0; i < headers.length; i++) {
            buffer.put(headers[i]).put(ciphertexts[i]);
        }
        out.append(buffer.flip());
        out.sync();
    }

    /** The lines compressed, behind their length; null if that is not worth it. */
    private byte @Nullable [] compressed(byte[] lines) {
        if (lines.length < COMPRESSED_BYTES_MIN) {
            return null;
        }
        byte[] target = new byte[Math.toIntExact(4 + Zstd.compressBound(lines.length))];
        int bytes = compressor.compressByteArray(target, 4, target.length - 4, lines, 0, lines.length);
        if (4 + bytes >= lines.length) {
            return null;
        }
        ByteBuffer.wrap(target).putInt(lines.length);
        return Arrays.copyOf(target, 4 + bytes);
    }

    private static byte[] plain(List<byte[]> lines) {
        int bytes = 0;
        for (byte[] line : lines) {
            bytes += 4 + line.length;
        }
        ByteBuffer plain = ByteBuffer.allocate(bytes);
        for (byte[] line : lines) {
            plain.putInt(line.length).put(line);
        }
        return plain.array();
    }

    @Override
    public void close() throws IOException {
        compressor.close();
        out.close();
    }
}
