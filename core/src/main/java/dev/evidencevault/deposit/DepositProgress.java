package dev.evidencevault.deposit;

/** Is told how far a deposit, a restore or a verification is. Called often, by the thread that does the work. */
@FunctionalInterface
public interface DepositProgress {
    /** Tells nobody. */
    DepositProgress NONE = (done, total) -> {};

    /**
     * Takes how far it is.
     *
     * @param done how many bytes are done
     * @param total how many there are; negative if nobody knows
     */
    void at(long done, long total);
}
