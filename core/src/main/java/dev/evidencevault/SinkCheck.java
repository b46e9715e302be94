package dev.evidencevault;

import dev.evidencevault.anchor.Anchor;
import dev.evidencevault.crypto.note.Checkpoint;
import dev.evidencevault.crypto.note.CheckpointKeys;
import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.KeyHistory;
import dev.evidencevault.sink.CheckpointSink;
import dev.evidencevault.storage.Layout;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Compares, before a vault is written, its anchors with what its sinks have seen of it. A vault that was restored from a
 * backup, or whose last anchors were cut off, would go on with numbers that it has given out before.
 */
final class SinkCheck {
    private final Layout layout;
    private final KeyHistory keys;

    SinkCheck(Layout layout, KeyHistory keys) {
        this.layout = layout;
        this.keys = keys;
    }

    /**
     * Runs the check.
     *
     * @throws CorruptFileException if a sink has a checkpoint that this vault signed and that it does not continue
     * @throws IOException if a sink cannot be read: without it nobody knows
     */
    void run(List<CheckpointSink> sinks) throws IOException {
        List<Long> numbers = Layout.numbers(layout.anchors(), Layout.ANCHOR_SUFFIX);
        long size = numbers.isEmpty() ? 0 : numbers.get(numbers.size() - 1);
        for (CheckpointSink sink : sinks) {
            Optional<SignedNote> kept = read(sink, keys.name());
            if (kept.isPresent()) {
                check(sink, kept.get(), size);
            }
        }
    }

    /** Requires that sinks can be read, before a vault is created that they know nothing of. */
    static void requireReadable(List<CheckpointSink> sinks) throws IOException {
        for (CheckpointSink sink : sinks) {
            read(sink, "of nobody");
        }
    }

    private static Optional<SignedNote> read(CheckpointSink sink, String origin) throws IOException {
        try {
            return sink.latest(origin);
        } catch (IOException e) {
            throw new IOException("what " + sink.name() + " has seen of the vault cannot be read: " + e, e);
        }
    }

    private void check(CheckpointSink sink, SignedNote kept, long size) throws IOException {
        Checkpoint seen = Checkpoint.parse(kept.text());
        CheckpointKeys signing = keys.at(seen.size());
        if (!signing.verifies(kept)) {
            throw new IOException(
                    "the checkpoint that " + sink.name() + " has under this vault's name is not signed with "
                            + signing.verifier().format() + ": the sink was changed, or the vault's key was");
        }
        if (seen.size() > size) {
            throw new CorruptFileException(
                    layout.checkpoint(),
                    0,
                    sink.name() + " has seen anchor " + seen.size() + " of this vault, which ends with anchor " + size
                            + ": it was restored from a backup, or its end was cut off; nothing was changed. Keep this"
                            + " copy, find the later one, and compare them with evault compare; if that is lost, go on in"
                            + " a new vault with evault init --continues");
        }
        if (seen.size() == 0) {
            return;
        }
        Anchor then = Anchor.read(layout, seen.size(), keys);
        if (!then.note().text().equals(kept.text())
                || !Anchor.read(layout, size, keys).continues(then, layout)) {
            throw new CorruptFileException(
                    layout.anchor(seen.size()),
                    0,
                    sink.name() + " has seen another anchor " + seen.size()
                            + " of this vault, or one that its latest does not continue, signed with the same key: there"
                            + " are two histories; nothing was changed");
        }
    }
}
