package dev.evidencevault.attest;

import dev.evidencevault.crypto.note.Checkpoint;
import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.sink.CheckpointSink;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Storage;
import dev.evidencevault.witness.Cosignature;
import dev.evidencevault.witness.Witness;
import dev.evidencevault.witness.WitnessAnswer;
import dev.evidencevault.witness.WitnessClient;
import java.io.IOException;
import java.time.Duration;

/**
 * A witness that cosigns checkpoints after it has seen that each continues the one before (c2sp.org/tlog-witness). Its
 * lines are kept in the vault's attestations. It also keeps what it has seen, so that it notices a vault that was put back.
 */
public final class WitnessSink implements CheckpointSink {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final Witness witness;
    private final Storage storage;
    private final Attestations attestations;
    private final NodeLog log;
    private long seen;

    /** Creates a sink of the vault that lies there. */
    public WitnessSink(Witness witness, Layout layout, Storage storage) {
        this.witness = witness;
        this.storage = storage;
        this.attestations = new Attestations(layout);
        this.log = new NodeLog(layout);
    }

    @Override
    public String name() {
        return "witness " + witness.name();
    }

    @Override
    public void deliver(SignedNote checkpoint) throws IOException {
        long size = Checkpoint.parse(checkpoint.text()).size();
        try (WitnessClient client = new WitnessClient(CONNECT_TIMEOUT, TIMEOUT)) {
            WitnessAnswer answer = ask(client, checkpoint, size);
            if (answer instanceof WitnessAnswer.Conflict conflict && conflict.size() <= size) {
                // It says where it stands: nobody kept that here.
                seen = conflict.size();
                answer = ask(client, checkpoint, size);
            }
            switch (answer) {
                case WitnessAnswer.Cosigned cosigned -> {
                    seen = size;
                    attestations.addLines(
                            size,
                            checkpoint,
                            cosigned.cosignatures().stream()
                                    .map(Cosignature::line)
                                    .toList(),
                            storage);
                }
                case WitnessAnswer.Conflict conflict ->
                    throw new IOException("it has seen " + conflict.size() + " anchors of this vault, which has " + size
                            + ": the vault was put back or forked");
            }
        }
    }

    private WitnessAnswer ask(WitnessClient client, SignedNote checkpoint, long size) throws IOException {
        return client.addCheckpoint(witness, seen, log.consistencyProof(seen, size), checkpoint);
    }
}
