package dev.evidencevault.segment;

/**
 * How long work that can wait keeps a processor from work that cannot: sealing takes turns of some tens of microseconds,
 * since a commit that has to wait for the end of a time slice waits milliseconds.
 */
public final class Courtesy {
    /** After how many records a turn ends. */
    private static final int RECORDS_PER_TURN = 64;

    private Courtesy() {}

    /** Ends a turn if so many records are a multiple of what makes one. */
    public static void after(int records) {
        if (records % RECORDS_PER_TURN == 0) {
            endTurn();
        }
    }

    /** Lets whoever waits for the processor have it. */
    @SuppressWarnings("ThreadPriorityCheck")
    public static void endTurn() {
        Thread.yield();
    }
}
