package dev.evidencevault.segment;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.io.Closeable;

/**
 * What sealing a segment needs and the next one can use again: a compressor and two arrays. Making them costs more than a
 * small segment. Not safe for use by several threads at once.
 */
public final class SealingBuffers implements Closeable {
    private static final int COMPRESSION_LEVEL = 1;

    private final ZstdCompressCtx compressor = new ZstdCompressCtx().setLevel(COMPRESSION_LEVEL);
    byte[] compressed = new byte[1 << 16];
    byte[] output = new byte[1 << 16];

    /** Creates the buffers. */
    public SealingBuffers() {}

    /** Compresses the first bytes of an array into {@link #compressed}; returns how many it became. */
    int compress(byte[] plain, int plainBytes) {
        int bound = Math.toIntExact(Zstd.compressBound(plainBytes));
        if (compressed.length < bound) {
            compressed = new byte[bound];
        }
        return compressor.compressByteArray(compressed, 0, compressed.length, plain, 0, plainBytes);
    }

    @Override
    public void close() {
        compressor.close();
    }
}
