package dev.evidencevault.benchmarks;

import dev.evidencevault.benchmarks.targets.EventLine;
import dev.evidencevault.benchmarks.targets.SampleEvents;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
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
 * What does it cost to commit to a record: SHA-256 over salt and line, over a leaf, over a node? Only the JDK's digest is
 * measured, over as many bytes as the formats have. About one node is hashed for each leaf.
 *
 * <pre>{@code
 * benchmarks/run jmh LeafHash
 * }</pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class LeafHash {
    private static final int SALT_BYTES = 48;
    private static final int LEAF_BYTES = 98;
    private static final int NODE_BYTES = 65;

    /** The size of a line. */
    @Param({"200", "350", "2048"})
    int lineBytes;

    private final MessageDigest sha256;
    private final byte[] salt = new byte[SALT_BYTES];
    private final byte[] leaf = new byte[LEAF_BYTES];
    private final byte[] node = new byte[NODE_BYTES];
    private final byte[] hash = new byte[32];
    private byte[] line = {};

    /** Creates the benchmark. */
    public LeafHash() {
        try {
            this.sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Encodes a line. */
    @Setup
    public void setUp() {
        EventLine encoder = new EventLine();
        int length = encoder.encode(
                "tenant-17", 1_000_000, SampleEvents.ofBytes(lineBytes).at(0));
        line = Arrays.copyOf(encoder.array(), length);
    }

    /** Hashes salt and line. */
    @Benchmark
    public byte[] commitment() throws DigestException {
        sha256.update(salt);
        sha256.update(line);
        sha256.digest(hash, 0, hash.length);
        return hash;
    }

    /** Hashes a leaf. */
    @Benchmark
    public byte[] leaf() throws DigestException {
        sha256.update(leaf);
        sha256.digest(hash, 0, hash.length);
        return hash;
    }

    /** Hashes a node. */
    @Benchmark
    public byte[] node() throws DigestException {
        sha256.update(node);
        sha256.digest(hash, 0, hash.length);
        return hash;
    }
}
