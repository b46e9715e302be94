package dev.evidencevault.attest;

import dev.evidencevault.anchor.Anchor;
import dev.evidencevault.crypto.timestamp.TimeStamp;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Storage;
import dev.evidencevault.storage.UnlockedVault;
import dev.evidencevault.storage.VaultLock;
import dev.evidencevault.storage.VaultLockedException;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/** Stamps the latest anchor of a vault that no process writes. One that is written stamps by itself. */
public final class VaultStamping {
    private VaultStamping() {}

    /** What an authority answered. */
    public sealed interface Answer {
        /** Returns what messages call the authority. */
        String authority();
    }

    /**
     * It stamped the anchor, and the vault keeps that.
     *
     * @param anchor the number of the anchor, from 1
     */
    public record Stamped(String authority, long anchor, TimeStamp.Unvouched stamp) implements Answer {}

    /** It did not; the reason says what was expected and what was found. */
    public record Refused(String authority, String reason) implements Answer {}

    /**
     * Asks each authority, whatever time stamps there are already.
     *
     * @return what each answered, in their order
     * @throws VaultLockedException if a process writes the vault
     * @throws dev.evidencevault.storage.CopyIsReadOnlyException if it is a copy
     * @throws CorruptFileException if there is no anchor, or the latest is damaged
     */
    public static List<Answer> stampLatest(UnlockedVault vault, TimeStamping stamping, Storage storage, Clock clock)
            throws IOException {
        Layout layout = vault.layout();
        layout.requireWritable();
        VaultLock lock = VaultLock.acquire(layout.lock());
        try {
            new Attestations(layout).removeUnfinished(storage);
            List<Long> numbers = Layout.numbers(layout.anchors(), Layout.ANCHOR_SUFFIX);
            long latest = numbers.isEmpty() ? 1 : numbers.get(numbers.size() - 1);
            Anchor anchor = Anchor.read(layout, latest, vault.settings().keys());
            List<Answer> answers = new ArrayList<>();
            for (TimeStampSink sink : TimeStampSink.of(stamping, layout, storage, clock)) {
                try {
                    answers.add(new Stamped(sink.name(), latest, sink.stamp(anchor.note())));
                } catch (IOException e) {
                    answers.add(new Refused(sink.name(), String.valueOf(e.getMessage())));
                }
            }
            return answers;
        } finally {
            lock.close();
        }
    }
}
