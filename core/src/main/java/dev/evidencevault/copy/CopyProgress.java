package dev.evidencevault.copy;

/** Is told how far a run is. Called by the thread that copies, after each object. */
@FunctionalInterface
public interface CopyProgress {
    /**
     * Says how far it is.
     *
     * @param parts how many parts (logs, and what they share) are done
     * @param partsTotal of how many
     * @param objects how many objects were written so far
     * @param bytes how many bytes they have
     */
    void at(long parts, long partsTotal, long objects, long bytes);
}
