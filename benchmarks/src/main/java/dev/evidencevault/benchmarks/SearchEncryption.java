package dev.evidencevault.benchmarks;

import com.github.luben.zstd.Zstd;
import dev.evidencevault.benchmarks.targets.AppendTarget;
import dev.evidencevault.benchmarks.targets.VaultTarget;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.reader.TenantReader;
import dev.evidencevault.reader.VaultReader;
import dev.evidencevault.segment.SegmentContent;
import dev.evidencevault.segment.SegmentFile;
import dev.evidencevault.segment.SegmentFile.BlockRef;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What encryption adds to a warm query. Fragments are decrypted when they come into memory, so that only the blocks that are
 * read differ: each is read, decrypted and decompressed, beside the same block out of a plain file, read and decompressed.
 */
final class SearchEncryption {
    private static final int BLOCKS_MAX = 1000;
    private static final int ROUNDS = 21;

    private SearchEncryption() {}

    /** A block in the plain file. */
    private record PlainBlock(long offset, int bytes, int plainBytes) {}

    static Map<String, Object> measure(Setting setting, Path vault) throws IOException, WrongKeyException {
        TenantReader tenant = VaultReader.open(vault, VaultTarget.SECRET)
                .tenant(AppendTarget.tenantName(0))
                .orElseThrow();
        Path plain = setting.path("plain-blocks");
        long number = tenant.segmentNumbers().getLast();
        double[] encrypted = new double[ROUNDS];
        double[] unencrypted = new double[ROUNDS];
        try (SegmentFile file = tenant.segment(number)) {
            List<BlockRef> blocks = file.blocks().stream()
                    .filter(BlockRef::records)
                    .limit(BLOCKS_MAX)
                    .toList();
            SegmentContent content = new SegmentContent(file, tenant.keys());
            List<PlainBlock> copies = copy(content, blocks, plain);
            try (FileChannel channel = FileChannel.open(plain)) {
                for (int round = 0; round < ROUNDS; round++) {
                    long begun = processorNanos();
                    long bytes = 0;
                    for (BlockRef block : blocks) {
                        bytes += content.lines(block).length;
                    }
                    long middle = processorNanos();
                    for (PlainBlock block : copies) {
                        bytes -= lines(channel, block).length;
                    }
                    long end = processorNanos();
                    if (bytes != 0) {
                        throw new IOException("the plain blocks are " + bytes + " bytes shorter");
                    }
                    encrypted[round] = (middle - begun) / 1e3 / blocks.size();
                    unencrypted[round] = (end - middle) / 1e3 / blocks.size();
                }
            }
        } finally {
            Files.deleteIfExists(plain);
        }
        double[] ratios = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            ratios[round] = encrypted[round] / unencrypted[round];
        }
        return Map.of(
                "encryptedMicros", Series.median(encrypted),
                "plainMicros", Series.median(unencrypted),
                "ratio", Series.median(ratios));
    }

    /** The processor time of this thread: what else the machine does makes both sides differ by chance. */
    private static long processorNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static List<PlainBlock> copy(SegmentContent content, List<BlockRef> blocks, Path file) throws IOException {
        List<PlainBlock> copies = new ArrayList<>();
        long at = 0;
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (BlockRef block : blocks) {
                byte[] lines = content.lines(block);
                byte[] compressed = Zstd.compress(lines, 1);
                copies.add(new PlainBlock(at, compressed.length, lines.length));
                ByteBuffer rest = ByteBuffer.wrap(compressed);
                while (rest.hasRemaining()) {
                    at += out.write(rest);
                }
            }
        }
        return copies;
    }

    private static byte[] lines(FileChannel channel, PlainBlock block) throws IOException {
        ByteBuffer compressed = ByteBuffer.allocate(block.bytes());
        while (compressed.hasRemaining()) {
            if (channel.read(compressed, block.offset() + compressed.position()) < 0) {
                throw new IOException("the plain blocks end too early");
            }
        }
        byte[] lines = new byte[block.plainBytes()];
        if (Zstd.decompress(lines, compressed.array()) != lines.length) {
            throw new IOException("a plain block does not decompress");
        }
        return lines;
    }
}
