package dev.evidencevault.benchmarks.targets;

import java.util.Arrays;
import java.util.Random;

/** For which tenant each event is: numbers drawn beforehand, the same in every run. Immutable. */
public final class TenantSequence {
    private static final int LENGTH = 1 << 20;

    /** How the events are spread over the tenants. */
    public enum Distribution {
        /** Every tenant has as many as any other. */
        UNIFORM,
        /** The tenant of rank r has 1/r of what the first has: Zipf's law with s = 1. */
        ZIPF
    }

    private final int[] tenants;

    private TenantSequence(int[] tenants) {
        this.tenants = tenants;
    }

    /** Draws a sequence over the tenants from 0 to this number. */
    public static TenantSequence of(Distribution distribution, int tenants) {
        Random random = new Random(20260102);
        return new TenantSequence(
                switch (distribution) {
                    case UNIFORM -> random.ints(LENGTH, 0, tenants).toArray();
                    case ZIPF -> zipf(random, tenants);
                });
    }

    private static int[] zipf(Random random, int tenants) {
        double[] upTo = new double[tenants];
        double sum = 0;
        for (int tenant = 0; tenant < tenants; tenant++) {
            sum += 1.0 / (tenant + 1);
            upTo[tenant] = sum;
        }
        int[] drawn = new int[LENGTH];
        for (int i = 0; i < LENGTH; i++) {
            int found = Arrays.binarySearch(upTo, random.nextDouble() * sum);
            drawn[i] = Math.min(tenants - 1, found < 0 ? -found - 1 : found + 1);
        }
        return drawn;
    }

    /** Returns the tenant of the event at a position; the sequence comes again after a million. */
    public int at(long position) {
        return tenants[(int) position & LENGTH - 1];
    }
}
