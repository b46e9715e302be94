package dev.evidencevault.witness;

import java.util.List;

/** What a witness answered to a checkpoint, where it understood it and believes it. */
public sealed interface WitnessAnswer {
    /**
     * It checked and cosigned the checkpoint.
     *
     * @param cosignatures the good ones of the known keys, in the order of the answer: at least one, at most one a key
     * @param refused why others of the known keys are not good, one message each; empty if all is well
     */
    record Cosigned(List<Cosignature> cosignatures, List<String> refused) implements WitnessAnswer {
        /** Copies the lists. */
        public Cosigned {
            cosignatures = List.copyOf(cosignatures);
            refused = List.copyOf(refused);
        }
    }

    /**
     * It has another size of the log than the old size that it was given. If that is not beyond the checkpoint's, the same
     * checkpoint can be submitted again with the proof from there; if it is, the witness has seen a later checkpoint.
     *
     * @param size the size of the latest checkpoint that the witness cosigned, in leaves, not negative; only the witness
     *     says so
     */
    record Conflict(long size) implements WitnessAnswer {}
}
