package dev.evidencevault.benchmarks;

import dev.evidencevault.actorindex.ActorIndex;
import dev.evidencevault.crypto.keys.TenantKeys;
import dev.evidencevault.crypto.merkle.CompactRange;
import dev.evidencevault.format.CommitmentScheme;
import dev.evidencevault.format.LogId;
import dev.evidencevault.format.RecordBody;
import dev.evidencevault.format.RecordKind;
import dev.evidencevault.segment.Pseudonyms;
import dev.evidencevault.segment.RecordBlock;
import dev.evidencevault.segment.SegmentActors;
import dev.evidencevault.segment.SegmentLeaves;
import dev.evidencevault.segment.TagCounts;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does evidence cost for each event? All of it as sealing does it: salt, commitment, leaf, the log's tree, and the index
 * of actors with the root over each actor's leaves, one in ten events under a privilege. And what the first event of an actor
 * costs, whose pseudonym is computed then.
 *
 * <pre>{@code
 * benchmarks/run jmh EvidenceWork
 * }</pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class EvidenceWork {
    private static final int EVENTS = 1 << 16;

    /** How many actors a segment has. */
    @Param({"50", "1000", "10000"})
    int actors;

    private final LogId logId = new LogId(1, 2);
    private final TenantKeys keys = TenantKeys.generate("benchmark");
    private final List<RecordBlock> blocks = new ArrayList<>();
    private int fresh;

    /** Creates the benchmark. */
    public EvidenceWork() {}

    /** Makes the records of a segment, of about 300 bytes each. */
    @Setup
    public void fill() {
        Random random = new Random(20260101);
        TagCounts counts = new TagCounts();
        RecordBody.Stamp stamp = new RecordBody.Stamp(1_777_636_800_000_000_000L);
        List<RecordBlock.Tags> tags = new ArrayList<>();
        Pseudonyms pseudonyms = new Pseudonyms(keys);
        for (int i = 0; i < actors; i++) {
            tags.add(new RecordBlock.Tags(pseudonyms.service("documents"), pseudonyms.actor("user-" + i), null));
        }
        RecordBlock block = new RecordBlock(0, 1 << 18, 1 << 10);
        for (int i = 0; i < EVENTS; i++) {
            int actor = random.nextInt(actors);
            boolean privileged = random.nextInt(10) == 0;
            String tail = String.format(
                    Locale.ROOT,
                    "\"type\":\"event\",\"id\":\"018f3a5e-8000-7000-8000-%012x\",\"tenant\":\"acme\",\"service\":\"documents\","
                            + "\"occurredAt\":\"2026-05-01T12:00:00.000000000Z\",\"action\":\"document.read\","
                            + "\"outcome\":\"success\",\"actor\":{\"side\":\"tenant\",\"id\":\"user-%d\",\"privileged\":%b}}",
                    i,
                    actor,
                    privileged);
            RecordBody body = new RecordBody(
                    RecordKind.EVENT,
                    0,
                    privileged,
                    "documents",
                    List.of("user-" + actor),
                    new RecordBody.Tail(tail.getBytes(StandardCharsets.UTF_8)));
            if (block.isFull()) {
                blocks.add(block);
                block = new RecordBlock(i, 1 << 18, 1 << 10);
            }
            block.add(body, tags.get(actor), stamp, counts);
        }
        blocks.add(block);
    }

    /** Leaves, tree and index of actors of a segment. */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public ActorIndex all() {
        List<byte[]> leaves = new ArrayList<>(blocks.size());
        CompactRange tree = new CompactRange();
        for (RecordBlock block : blocks) {
            byte[] hashes = SegmentLeaves.of(logId, keys, CommitmentScheme.LINE, block);
            tree.appendAll(hashes, block.count());
            leaves.add(hashes);
        }
        return SegmentActors.index(blocks, leaves);
    }

    /** The same without the index of actors. */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public CompactRange leavesAndTree() {
        CompactRange tree = new CompactRange();
        for (RecordBlock block : blocks) {
            tree.appendAll(SegmentLeaves.of(logId, keys, CommitmentScheme.LINE, block), block.count());
        }
        return tree;
    }

    /** The pseudonym of an actor who was not seen before. */
    @Benchmark
    public byte[] firstEventOfAnActor() {
        return keys.actorTag("user-" + fresh++);
    }
}
