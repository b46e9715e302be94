package dev.evidencevault.segment;

import dev.evidencevault.actorindex.ActorIndex;
import dev.evidencevault.crypto.aead.DataKey;
import dev.evidencevault.crypto.keys.TenantKeys;
import dev.evidencevault.crypto.merkle.CompactRange;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.merkle.TreeHead;
import dev.evidencevault.crypto.vrf.VrfPublicKey;
import dev.evidencevault.format.CommitmentScheme;
import dev.evidencevault.format.LeafHeader;
import dev.evidencevault.format.LogId;
import dev.evidencevault.format.RecordBody;
import dev.evidencevault.format.Seal;
import dev.evidencevault.storage.Layout.LogDirectory;
import dev.evidencevault.storage.Storage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the segments of one log, one after the other. Not safe for use by several threads at once.
 *
 * <p>Fsync order: the index fragment, then the segment under a temporary name, are written and synced; then the segment
 * gets its name (the commit point) and both directories are synced. A segment that is there is whole, and its index is
 * there too.
 */
public final class SegmentWriter {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentWriter.class);

    /** Fewer blocks are not worth the help. */
    private static final int DIVIDED_BLOCKS_MIN = 8;

    private static final int BLOCKS_AHEAD = 4;

    private final LogId logId;
    private final LogDirectory directory;
    private final Storage storage;
    private final SecureRandom random;
    private final CommitmentScheme events;
    private final List<Long> unnamed = new ArrayList<>();
    private SegmentEnd end;

    /**
     * Creates the writer of the segment after {@code end}.
     *
     * @param events how the log commits to events
     */
    public SegmentWriter(
            LogId logId,
            LogDirectory directory,
            Storage storage,
            SecureRandom random,
            CommitmentScheme events,
            SegmentEnd end) {
        this.events = events;
        this.logId = logId;
        this.directory = directory;
        this.storage = storage;
        this.random = random;
        this.end = end;
    }

    /** Returns where the log stands after what was written so far, named or not. */
    public SegmentEnd end() {
        return end;
    }

    /**
     * Writes a segment and syncs it. It is not there yet: {@link #name} and {@link #syncNames} have to follow.
     *
     * @param keys the log's keys
     * @param blocks the records after those of the last segment, at least one, without gaps
     * @param sealedAt the seal's time, not before the last record's
     * @param keyFile SHA-256 of the log's key file
     * @param indexer builds the search index, or null for none
     * @param pace is waited for before each block
     * @param buffers what it is made in
     * @param helpers do a part of the work for a large segment at the same time, or null
     */
    public void write(
            TenantKeys keys,
            List<RecordBlock> blocks,
            long sealedAt,
            Digest keyFile,
            @Nullable SegmentIndexer indexer,
            Runnable pace,
            SealingBuffers buffers,
            @Nullable ExecutorService helpers)
            throws IOException {
        long number = end.segments() + 1;
        long firstSeq = end.tree().to();
        byte[] fileSalt = new byte[SegmentFormat.FILE_SALT_BYTES];
        random.nextBytes(fileSalt);
        DataKey key = keys.segmentKey(number, fileSalt);
        byte[] header = SegmentFormat.header(logId, number, firstSeq, fileSalt, key);
        List<Digest> digests = new ArrayList<>(blocks.size() + 1);
        List<byte[]> leaves = new ArrayList<>(blocks.size());
        CompactRange tree = end.tree().copy();
        IndexInTheMaking index = new IndexInTheMaking(indexer, number, blocks.size());
        var temporary = Storage.temporary(directory.segment(number));
        SegmentEnd after;
        try (Storage.Appender out = storage.create(temporary);
                BlockSealer sealer = new BlockSealer(logId, number, key, out, buffers)) {
            sealer.put(header);
            if (helpers == null || blocks.size() < DIVIDED_BLOCKS_MIN) {
                for (RecordBlock block : blocks) {
                    pace.run();
                    index.add(digests.size(), block);
                    leaves.add(SegmentLeaves.of(logId, keys, events, block));
                    digests.add(sealer.records(digests.size(), block, leaves.getLast(), tree));
                }
            } else {
                divided(keys, blocks, pace, helpers, index, sealer, leaves, digests, tree);
            }
            List<Digest> deposits = SegmentDeposits.of(blocks);
            if (!deposits.isEmpty()) {
                digests.add(sealer.deposits(digests.size(), deposits));
            }
            ActorIndex actors = SegmentActors.index(blocks, leaves);
            digests.add(sealer.actors(digests.size(), actors));
            Digest indexDigest = writeIndex(number, keys, index.finish());
            Sealed sealed =
                    new Sealed(number, Digest.sha256(header), keyFile, keys.tagKey(), actors.head(), indexDigest);
            after = writeFooter(sealer, keys, seal(sealed, blocks, digests, tree), sealedAt, tree, digests);
            sealer.flush();
            out.sync();
        }
        unnamed.add(number);
        end = after;
    }

    /** Returns the log as it is sealed, for what reads it. */
    public SealedLog sealedLog(TenantKeys keys) {
        return new SealedLog(logId, directory, keys);
    }

    /** Gives the segments that were written their names, in their order. */
    public void name() throws IOException {
        for (long number : unnamed) {
            var file = directory.segment(number);
            storage.rename(Storage.temporary(file), file);
        }
    }

    /** Makes the names durable. Directories that are synced one right after the other share the file system's work. */
    public void syncNames() throws IOException {
        if (!unnamed.isEmpty()) {
            storage.syncDirectory(directory.segments());
            unnamed.clear();
        }
    }

    /** Puts the blocks, while helpers hash the leaves of those to come and index them. */
    private void divided(
            TenantKeys keys,
            List<RecordBlock> blocks,
            Runnable pace,
            ExecutorService helpers,
            IndexInTheMaking index,
            BlockSealer sealer,
            List<byte[]> leaves,
            List<Digest> digests,
            CompactRange tree)
            throws IOException {
        Future<?> indexed = helpers.submit(() -> {
            for (int i = 0; i < blocks.size(); i++) {
                pace.run();
                index.add(i, blocks.get(i));
            }
        });
        Deque<Future<byte[]>> ahead = new ArrayDeque<>();
        try {
            for (int i = 0; i < blocks.size(); i++) {
                pace.run();
                while (ahead.size() < BLOCKS_AHEAD && i + ahead.size() < blocks.size()) {
                    RecordBlock block = blocks.get(i + ahead.size());
                    ahead.add(helpers.submit(() -> SegmentLeaves.of(logId, keys, events, block)));
                }
                leaves.add(get(ahead.remove()));
                digests.add(sealer.records(i, blocks.get(i), leaves.getLast(), tree));
            }
        } finally {
            // Nobody may look at a block any more when this returns, however it does.
            ahead.forEach(SegmentWriter::await);
            await(indexed);
        }
    }

    private static byte[] get(Future<byte[]> future) throws IOException {
        await(future);
        try {
            return future.resultNow();
        } catch (IllegalStateException e) {
            throw new IOException("the leaves of a block were not hashed", future.exceptionNow());
        }
    }

    private static void await(Future<?> future) {
        boolean interrupted = false;
        while (!future.isDone()) {
            try {
                future.get();
            } catch (InterruptedException e) {
                interrupted = true;
            } catch (ExecutionException e) {
                break;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Writes the index and returns its digest; null if there is none. */
    private @Nullable Digest writeIndex(long number, TenantKeys keys, byte @Nullable [] index) throws IOException {
        if (index == null) {
            if (Files.exists(directory.index(number))) {
                storage.delete(directory.index(number));
            }
            return null;
        }
        byte[] file = IndexFile.seal(logId, number, keys, random, index);
        storage.replace(directory.index(number), file);
        return Digest.sha256(file);
    }

    /** The search index of the segment that is being written. If it cannot be built there is none, which costs speed only. */
    private final class IndexInTheMaking {
        private final long number;
        private SegmentIndexer.@Nullable Builder builder;

        IndexInTheMaking(@Nullable SegmentIndexer indexer, long number, int blocks) {
            this.number = number;
            if (indexer != null) {
                try {
                    builder = indexer.begin(logId, number, blocks);
                } catch (IOException | RuntimeException e) {
                    giveUp(e);
                }
            }
        }

        void add(int ordinal, RecordBlock block) {
            if (builder != null) {
                try {
                    builder.addBlock(ordinal, block.plain(), block.plainBytes(), BlockSummary.of(block));
                } catch (IOException | RuntimeException e) {
                    giveUp(e);
                }
            }
        }

        byte @Nullable [] finish() {
            if (builder != null) {
                try {
                    byte[] index = builder.finish();
                    if (index == null || index.length <= IndexFile.INDEX_BYTES_MAX) {
                        return index;
                    }
                    throw new IOException("an index has at most 1 GiB, found " + index.length);
                } catch (IOException | RuntimeException e) {
                    giveUp(e);
                }
            }
            return null;
        }

        private void giveUp(Exception reason) {
            builder = null;
            LOG.warn("segment {} of log {} gets no search index", number, logId, reason);
        }
    }

    /** What a seal says beside the records. */
    private record Sealed(
            long number,
            Digest header,
            Digest keyFile,
            VrfPublicKey tagKey,
            TreeHead actors,
            @Nullable Digest searchIndex) {}

    private Seal seal(Sealed sealed, List<RecordBlock> blocks, List<Digest> digests, CompactRange tree) {
        long events = 0;
        long notices = 0;
        long from = Long.MAX_VALUE;
        long to = Long.MIN_VALUE;
        for (RecordBlock block : blocks) {
            BlockSummary summary = BlockSummary.of(block);
            events += block.count();
            from = Math.min(from, summary.occurredFrom());
            to = Math.max(to, summary.occurredTo());
            notices += summary.notices();
        }
        return new Seal(
                sealed.number(),
                end.tree().to(),
                end.events() + events,
                notices,
                from,
                to,
                end.sealLeaf(),
                sealed.header(),
                Seal.rootOfBlocks(digests),
                tree.root(),
                sealed.actors(),
                sealed.tagKey(),
                sealed.keyFile(),
                sealed.searchIndex());
    }

    private SegmentEnd writeFooter(
            BlockSealer out, TenantKeys keys, Seal seal, long sealedAt, CompactRange tree, List<Digest> blocks) {
        long seq = tree.to();
        RecordBody body = seal.toBody();
        byte[] line = body.line(seq, sealedAt);
        byte[] salt = keys.salt(seq);
        List<Digest> subtrees = tree.hashes();
        int footerBytes =
                SegmentFormat.FOOTER_FIXED_BYTES + line.length + Digest.BYTES * (subtrees.size() + blocks.size());
        ByteBuffer footer = ByteBuffer.allocate(footerBytes)
                .putInt(SegmentFormat.FOOTER_MAGIC)
                .put(salt)
                .putInt(line.length)
                .put(line);
        subtrees.forEach(subtree -> footer.put(subtree.bytes()));
        blocks.forEach(block -> footer.put(block.bytes()));
        out.put(footer.putInt(footerBytes).putInt(SegmentFormat.END_MAGIC).array());
        LeafHeader header = Seal.header(logId, seq, sealedAt, salt, line);
        tree.append(header.leafHash());
        return new SegmentEnd(seal.segment(), tree, header.leafHash(), seal.events(), sealedAt, seal.keys());
    }
}
