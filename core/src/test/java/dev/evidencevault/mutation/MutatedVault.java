package dev.evidencevault.mutation;

import dev.evidencevault.Actor;
import dev.evidencevault.Event;
import dev.evidencevault.SmallVault;
import dev.evidencevault.Vault;
import dev.evidencevault.VaultOptions;
import dev.evidencevault.anchor.Anchor;
import dev.evidencevault.anchor.AnchorWriter;
import dev.evidencevault.crypto.keys.NodeKeys;
import dev.evidencevault.crypto.merkle.CompactRange;
import dev.evidencevault.crypto.note.CheckpointSigner;
import dev.evidencevault.format.KeyHistory;
import dev.evidencevault.format.LogId;
import dev.evidencevault.segment.BlockSummary;
import dev.evidencevault.segment.SegmentFile;
import dev.evidencevault.segment.SegmentIndexer;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Layout.LogDirectory;
import dev.evidencevault.storage.UnlockedVault;
import dev.evidencevault.storage.UnsyncedStorage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A vault in the hands of an attacker: two tenants whose logs have the same shape, three segments each with an index,
 * three blocks of records in each segment, an anchor after each.
 */
final class MutatedVault {
    static final String ACME = "acme";
    static final String OTHER = SmallVault.OTHER_TENANT;
    static final int SEGMENTS = 3;
    static final int RECORDS_PER_SEGMENT = 8;
    static final int RECORDS_PER_BLOCK = 3;

    /** So long that three records fill a block. */
    private static final String LONG = "x".repeat(45_000);

    /**
     * Blocks with the lengths of their plaintexts, of segments that have several: a stand-in for an index, of which nothing but
     * its bytes matters here.
     */
    static final SegmentIndexer INDEXER = (log, segment, blocks) -> new SegmentIndexer.Builder() {
        private final ByteArrayOutputStream index = new ByteArrayOutputStream();

        @Override
        public void addBlock(int ordinal, byte[] plain, int plainBytes, BlockSummary facts) {
            index.writeBytes((ordinal + ":" + plainBytes + "\n").getBytes(StandardCharsets.US_ASCII));
        }

        @Override
        public byte @Nullable [] finish() {
            return blocks > 1 ? index.toByteArray() : null;
        }
    };

    final Layout layout;
    private final Map<String, byte[]> original;
    private final UnlockedVault unlocked;
    private final Map<String, LogDirectory> logs = new HashMap<>();

    private MutatedVault(Path root, Map<String, byte[]> original) throws Exception {
        this.original = original;
        this.layout = new Layout(root);
        this.unlocked = UnlockedVault.unlock(root, SmallVault.SECRET);
        for (Map.Entry<String, LogId> tenant : unlocked.tenants().entrySet()) {
            logs.put(tenant.getKey(), layout.tenant(tenant.getValue()));
        }
    }

    /** Writes the vault that is attacked. */
    static void write(Path root) throws IOException {
        VaultOptions options =
                SmallVault.options().withJournalBytesMax(16 << 20).withIndexer(INDEXER);
        try (Vault vault = Vault.create(root, SmallVault.SECRET, options)) {
            for (int segment = 1; segment <= SEGMENTS; segment++) {
                for (String tenant : List.of(ACME, OTHER)) {
                    List<Event> events = new ArrayList<>();
                    for (int i = 0; i < RECORDS_PER_SEGMENT; i++) {
                        events.add(event(tenant, segment, i));
                    }
                    vault.tenant(tenant).appendAllAndWait(events);
                }
                vault.seal();
            }
        }
    }

    private static Event event(String tenant, int segment, int i) {
        return Event.of("document.read")
                .id(tenant + "-" + segment + "-" + i)
                .occurredAt(Instant.parse("2026-05-0" + segment + "T12:00:00Z").plusSeconds(60L * i))
                .service(i % 2 == 0 ? "files" : "billing")
                .actor(
                        i == 3
                                ? Actor.provider("operator").privileged().onBehalfOf("alice")
                                : Actor.tenant(i % 2 == 0 ? "alice" : "bob"))
                .outcome(Event.Outcome.SUCCESS)
                .original(LONG)
                .build();
    }

    /** Copies a vault and hands the copy to the attacker. */
    static MutatedVault copy(Map<String, byte[]> contents, Path to) throws Exception {
        for (Map.Entry<String, byte[]> file : contents.entrySet()) {
            Path path = to.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.write(path, file.getValue());
        }
        for (String each : List.of("journal", "service/index")) {
            Files.createDirectories(to.resolve(each));
        }
        return new MutatedVault(to, contents);
    }

    /** Returns another copy of what this is a copy of, beside it. */
    MutatedVault another(String name) throws Exception {
        return copy(original, layout.root().resolveSibling(name));
    }

    /** Removes the copy. */
    void remove() throws IOException {
        try (Stream<Path> all = Files.walk(layout.root())) {
            for (Path each : all.sorted(Collections.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }

    /** Returns the vault's keys, which an attacker who may write its files only has no use for. */
    UnlockedVault unlocked() {
        return unlocked;
    }

    LogDirectory log(String tenant) {
        LogDirectory log = logs.get(tenant);
        if (log == null) {
            throw new IllegalArgumentException("no tenant " + tenant);
        }
        return log;
    }

    LogId logId(String tenant) {
        return LogId.parse(String.valueOf(log(tenant).path().getFileName()));
    }

    Path segment(long number) {
        return log(ACME).segment(number);
    }

    /** Changes a file's bytes. */
    static void edit(Path file, UnaryOperator<byte[]> change) throws IOException {
        Files.write(file, change.apply(Files.readAllBytes(file)));
    }

    /** Changes one bit of a byte; counted from the end if the index is negative. */
    static void flip(Path file, int index) throws IOException {
        edit(file, bytes -> {
            bytes[index < 0 ? bytes.length + index : index] ^= 1;
            return bytes;
        });
    }

    /** Puts what one file holds into the next, and what the last holds into the first. */
    static void rotate(List<Path> files) throws IOException {
        byte[] last = Files.readAllBytes(files.get(files.size() - 1));
        for (int i = files.size() - 1; i > 0; i--) {
            Files.write(files.get(i), Files.readAllBytes(files.get(i - 1)));
        }
        Files.write(files.get(0), last);
    }

    /** Returns the parts of a segment's file: its header, its blocks, the actor table the last of them, and its footer. */
    static List<byte[]> parts(Path segment) throws IOException {
        byte[] bytes = Files.readAllBytes(segment);
        List<byte[]> parts = new ArrayList<>();
        try (SegmentFile file = new SegmentFile(segment)) {
            int from = 0;
            for (SegmentFile.BlockRef block : file.blocks()) {
                parts.add(Arrays.copyOfRange(bytes, from, (int) block.offset()));
                from = (int) block.offset();
            }
            int footerAt = bytes.length - ByteBuffer.wrap(bytes).getInt(bytes.length - 8);
            parts.add(Arrays.copyOfRange(bytes, from, footerAt));
            parts.add(Arrays.copyOfRange(bytes, footerAt, bytes.length));
        }
        return parts;
    }

    static void join(Path segment, List<byte[]> parts) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        parts.forEach(all::writeBytes);
        Files.write(segment, all.toByteArray());
    }

    /** Reads a tenant's log from a segment on, to be written anew with its keys. */
    LogForger forge(String tenant, long from) throws Exception {
        return new LogForger(unlocked, log(tenant), from, INDEXER);
    }

    /** Removes the anchors after the first so many, the checkpoint with them. */
    void dropAnchors(int kept) throws IOException {
        for (long number : Layout.numbers(layout.anchors(), Layout.ANCHOR_SUFFIX)) {
            if (number > kept) {
                Files.delete(layout.anchor(number));
            }
        }
        Files.delete(layout.checkpoint());
        if (kept > 0) {
            Files.write(
                    layout.checkpoint(),
                    Anchor.read(layout, kept, unlocked.settings().keys()).note().format());
        }
    }

    /** Signs the anchors after the first so many anew, over the logs as they are now. */
    void anchorAnew(int kept) throws IOException {
        anchorAnew(kept, unlocked.nodeKeys(), unlocked.checkpointSigner(), 0);
    }

    /** As {@link #anchorAnew(int)}, with any keys, and so much later. */
    void anchorAnew(int kept, NodeKeys nodeKeys, CheckpointSigner signer, long delayNanos) throws IOException {
        List<Long> times = new ArrayList<>();
        for (long number : Layout.numbers(layout.anchors(), Layout.ANCHOR_SUFFIX)) {
            times.add(Anchor.readHead(layout, number).time());
        }
        dropAnchors(kept);
        for (int i = kept; i < times.size(); i++) {
            // One for each anchor: it opens them at their latest.
            AnchorWriter writer = new AnchorWriter(
                    layout, nodeKeys, signer, KeyHistory.of(signer.keys()), new UnsyncedStorage(), new SecureRandom());
            writer.write(heads(i + 1 < times.size() ? i + 1 : Integer.MAX_VALUE), times.get(i) + delayNanos);
        }
    }

    /** Returns where each log stands after so many segments, or at its end if it has fewer. */
    private Map<LogId, CompactRange> heads(int segments) throws IOException {
        Map<LogId, CompactRange> heads = new HashMap<>();
        List<LogDirectory> directories = new ArrayList<>(logs.values());
        directories.add(layout.service());
        for (LogDirectory directory : directories) {
            List<Long> numbers = Layout.numbers(directory.segments(), Layout.SEGMENT_SUFFIX);
            long number = Math.min(segments, numbers.size());
            try (SegmentFile file = new SegmentFile(directory.segment(number))) {
                heads.put(file.logId(), file.end().tree());
            }
        }
        return heads;
    }
}
