package dev.evidencevault.sink;

import dev.evidencevault.crypto.note.SignedNote;
import java.io.IOException;
import java.util.Optional;

/**
 * A place outside a vault that keeps its checkpoints. Whoever changes the vault afterwards, or puts an old copy of it in
 * its place, contradicts what is kept there. Implementations are used by one thread at a time and answer within bounded
 * time.
 */
public interface CheckpointSink {
    /** Returns what messages call it. */
    String name();

    /**
     * Keeps a checkpoint. Of several that follow each other it may keep the last only.
     *
     * @throws IOException if it is not kept; the same or a later one is delivered again
     */
    void deliver(SignedNote checkpoint) throws IOException;

    /**
     * Returns the latest checkpoint of an origin that is kept here; empty if there is none, or if this sink cannot be read.
     * Nothing of it has been verified.
     *
     * @throws IOException if that cannot be told
     */
    default Optional<SignedNote> latest(String origin) throws IOException {
        return Optional.empty();
    }
}
