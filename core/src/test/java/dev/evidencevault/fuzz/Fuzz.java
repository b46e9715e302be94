package dev.evidencevault.fuzz;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.evidencevault.campaign.Campaign;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Runs inputs by their numbers, each with random numbers of its own, and says how to run one that failed alone. */
public final class Fuzz {
    /** How many seeds are tried, from {@link Campaign#SEED} on. */
    private static final int SEEDS = Campaign.length("fuzz.seeds", 1);

    /** The one input to be tried; all where negative. */
    private static final int ONLY = Campaign.length("fuzz.input", -1);

    private static final int FAILURES_MAX = 10;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Fuzz() {}

    /** One input. */
    @FunctionalInterface
    public interface Input {
        void run(Random random, int number) throws Exception;
    }

    /** What is measured. */
    @FunctionalInterface
    public interface Measured<T> {
        T run() throws Exception;
    }

    /** Tries so many inputs of each seed, until some have failed. */
    public static void run(String name, int inputsPerSeed, Input input) {
        List<AssertionError> failures = new ArrayList<>();
        for (long seed = Campaign.SEED; seed < Campaign.SEED + SEEDS; seed++) {
            for (int number = 0; number < inputsPerSeed; number++) {
                if (ONLY >= 0 && number != ONLY || failures.size() == FAILURES_MAX) {
                    continue;
                }
                try {
                    input.run(new Random((seed * 1_000_003 + name.hashCode()) * 1_000_003 + number), number);
                } catch (Throwable e) {
                    failures.add(new AssertionError(
                            name + ": input " + number + " of seed " + seed + " (-Devidencevault.seed=" + seed
                                    + " -Devidencevault.fuzz.input=" + number + "): " + e,
                            e));
                }
            }
        }
        if (!failures.isEmpty()) {
            AssertionError first = failures.remove(0);
            failures.forEach(first::addSuppressed);
            throw first;
        }
        Campaign.say(name + ": " + inputsPerSeed + " inputs of each of " + SEEDS + " seeds from " + Campaign.SEED);
    }

    /** Runs something and requires that it allocates no more than so many bytes. */
    public static <T> T within(long bytesMax, Measured<T> measured) throws Exception {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        try {
            return measured.run();
        } finally {
            long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
            assertTrue(
                    allocated <= bytesMax,
                    () -> "expected at most " + bytesMax + " bytes, " + allocated + " allocated");
        }
    }

    /** Returns one of these. */
    @SafeVarargs
    public static <T> T one(Random random, T... of) {
        return of[random.nextInt(of.length)];
    }
}
