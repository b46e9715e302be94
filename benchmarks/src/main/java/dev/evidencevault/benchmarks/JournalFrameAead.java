package dev.evidencevault.benchmarks;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
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
 * What does AES-256-GCM cost for one frame of the journal, by how many events of one tenant are in it, and by how many
 * tenants' keys take turns? Only the JDK's cipher is measured; lines have 350 bytes.
 *
 * <pre>{@code
 * benchmarks/run jmh JournalFrameAead
 * }</pre>
 *
 * <p>The score is for a frame: divide by the number of events.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class JournalFrameAead {
    private static final int LINE_BYTES = 350;
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BYTES = 16;
    private static final int HEADER_BYTES = 48;

    /** How many events are in a frame. */
    @Param({"1", "4", "16", "64", "1000"})
    int events;

    /** How many keys take turns. */
    @Param({"1", "10000"})
    int tenants;

    private Cipher[] ciphers = {};
    private SecretKeySpec[] keys = {};
    private byte[] plain = {};
    private byte[] sealed = {};
    private final byte[] header = new byte[HEADER_BYTES];
    private final byte[] nonce = new byte[NONCE_BYTES];
    private long counter;

    /** Creates the benchmark. */
    public JournalFrameAead() {}

    /** Makes keys and lines. */
    @Setup
    public void setUp() throws GeneralSecurityException {
        Random random = new Random(1);
        ciphers = new Cipher[tenants];
        keys = new SecretKeySpec[tenants];
        for (int tenant = 0; tenant < tenants; tenant++) {
            byte[] key = new byte[KEY_BYTES];
            random.nextBytes(key);
            keys[tenant] = new SecretKeySpec(key, "AES");
            ciphers[tenant] = Cipher.getInstance("AES/GCM/NoPadding");
        }
        plain = new byte[events * LINE_BYTES];
        random.nextBytes(plain);
        sealed = new byte[plain.length + TAG_BYTES];
    }

    /** Seals one frame, under a nonce that was not used before. */
    @Benchmark
    public byte[] seal() throws GeneralSecurityException {
        int tenant = (int) (counter++ % tenants);
        ByteBuffer.wrap(nonce).putLong(counter);
        Cipher cipher = ciphers[tenant];
        cipher.init(Cipher.ENCRYPT_MODE, keys[tenant], new GCMParameterSpec(TAG_BYTES * 8, nonce));
        cipher.updateAAD(header);
        cipher.doFinal(plain, 0, plain.length, sealed, 0);
        return sealed;
    }
}
