package dev.evidencevault.benchmarks;

import dev.evidencevault.format.CommitmentScheme;
import dev.evidencevault.format.LeafHasher;
import dev.evidencevault.format.LeafHeader.Tag;
import dev.evidencevault.format.LogId;
import dev.evidencevault.format.RecordKind;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does it cost to commit to an event by fields instead of as a line? Commitment and leaf of an event with three values
 * of its own and some members of details.
 *
 * <pre>{@code
 * benchmarks/run jmh FieldCommitments
 * }</pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 10, time = 1)
@Fork(1)
public class FieldCommitments {
    /** How events are committed to. */
    @Param({"LINE", "FIELDS"})
    CommitmentScheme commitments = CommitmentScheme.LINE;

    /** How many members the details have. */
    @Param({"0", "10", "50"})
    int details;

    private byte[] line = new byte[0];
    private LeafHasher hasher = new LeafHasher(new LogId(1, 2), CommitmentScheme.LINE);
    private final byte[] salt = new byte[32];
    private final byte[] hash = new byte[32];

    /** Creates the benchmark. */
    public FieldCommitments() {}

    /** Makes the line, of 309 to 1,151 bytes. */
    @Setup
    public void fill() {
        StringBuilder text = new StringBuilder("{\"v\":1,\"seq\":7,\"recordedAt\":\"2026-05-01T12:00:00.000000000Z\","
                + "\"type\":\"event\",\"id\":\"018f3a5e-8000-7000-8000-000000000001\",\"tenant\":\"acme\","
                + "\"service\":\"documents\",\"occurredAt\":\"2026-05-01T12:00:00.000000000Z\","
                + "\"action\":\"document.read\",\"outcome\":\"success\","
                + "\"actor\":{\"side\":\"tenant\",\"id\":\"user-17\",\"privileged\":false}");
        for (int i = 0; i < details; i++) {
            text.append(i == 0 ? ",\"details\":{" : ",")
                    .append("\"m")
                    .append(i)
                    .append("\":\"value ")
                    .append(i)
                    .append('"');
        }
        line = text.append(details == 0 ? "}" : "}}").toString().getBytes(StandardCharsets.UTF_8);
        hasher = new LeafHasher(new LogId(1, 2), commitments);
    }

    /** One event. */
    @Benchmark
    public byte[] leaf() {
        byte event = (byte) RecordKind.EVENT.code();
        hasher.commit(event, salt, 0, line, 0, line.length);
        hasher.leaf(event, false, 7, 0, 0, Tag.NONE, null, 0, null, 0, hash, 0);
        return hash;
    }
}
