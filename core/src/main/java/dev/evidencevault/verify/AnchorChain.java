package dev.evidencevault.verify;

import dev.evidencevault.anchor.Anchor;
import dev.evidencevault.crypto.merkle.CompactRange;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.note.Checkpoint;
import dev.evidencevault.crypto.note.NoteVerifier;
import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.KeyHistory;
import dev.evidencevault.format.LogId;
import dev.evidencevault.format.Succession;
import dev.evidencevault.format.Timestamps;
import dev.evidencevault.journal.JournalRanges;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Layout.LogDirectory;
import dev.evidencevault.storage.UnlockedVault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The anchors of a vault, one after the other, and what they say of each log. For one thread. */
final class AnchorChain {
    private static final int NOTE_BYTES_MAX = 1 << 20;

    private final Layout layout;
    private final KeyHistory keys;
    private final @Nullable UnlockedVault vault;
    private final Findings findings;
    private final Map<LogId, NavigableMap<Long, Head>> heads = new HashMap<>();
    private final Set<LogId> compared = new HashSet<>();
    private final Map<LogId, Unanchored> unanchored = new LinkedHashMap<>();
    private final Map<Long, Digest> rootsWanted = new HashMap<>();
    private CompactRange node = new CompactRange();
    private @Nullable Anchor last;
    private long checkpointed;

    /** A head of a log, and the first anchor that has it. */
    private record Head(Digest root, long anchor) {}

    /** A log with leaves that no anchor covers, and its roots by its sizes. */
    private record Unanchored(LogDirectory directory, NavigableMap<Long, Digest> heads) {}

    AnchorChain(Layout layout, KeyHistory keys, @Nullable UnlockedVault vault, Findings findings) {
        this.layout = layout;
        this.keys = keys;
        this.vault = vault;
        this.findings = findings;
    }

    /** Reads all anchors and compares them with the file {@code checkpoint} and with a checkpoint that was kept. */
    void read(WriterState writer, @Nullable SignedNote kept) throws IOException {
        // The checkpoint first: anchors that are written meanwhile come after it.
        Checkpoint current = checkpoint();
        checkpointed = current == null ? 0 : current.size();
        Checkpoint earlier = kept == null ? null : keptCheckpoint(kept);
        for (Checkpoint wanted : new @Nullable Checkpoint[] {current, earlier}) {
            if (wanted != null) {
                rootsWanted.put(wanted.size(), Digest.sha256());
            }
        }
        for (Succession succession : keys.successions()) {
            rootsWanted.put(succession.head().size(), Digest.sha256());
        }
        List<Long> numbers = Layout.numbers(layout.anchors(), Layout.ANCHOR_SUFFIX);
        try {
            for (long number : numbers) {
                add(number);
            }
        } catch (CorruptFileException e) {
            findings.failed(Claim.ANCHORS, layout.root(), e);
            return;
        }
        VaultVerifier.checkNames(
                layout.anchors(),
                name -> name.equals("checkpoint") || Layout.isNumbered(name, Layout.ANCHOR_SUFFIX),
                writer,
                layout,
                findings);
        checkSuccessions(writer);
        checkCurrent(current, writer);
        if (earlier != null) {
            checkKept(earlier);
        }
    }

    private void add(long number) throws IOException {
        Path file = layout.anchor(node.to() + 1);
        if (number != node.to() + 1) {
            throw new CorruptFileException(file, 0, "the anchor is missing");
        }
        Anchor anchor = Anchor.read(layout, number, keys);
        if (!anchor.before().hashes().equals(node.hashes())
                || last != null && anchor.head().time() < last.head().time()) {
            throw new CorruptFileException(file, 0, "the anchor does not follow the one before it");
        }
        if (vault != null && !anchor.hasSuperRootOf(vault.nodeKeys())) {
            throw new CorruptFileException(file, 0, "the root over all logs is not that of the anchor's entries");
        }
        Map<LogId, Anchor.Entry> before = last == null ? Map.of() : last.entries();
        for (Map.Entry<LogId, Anchor.Entry> known : before.entrySet()) {
            Anchor.Entry now = anchor.entries().get(known.getKey());
            if (now == null
                    || now.slot() != known.getValue().slot()
                    || now.size() < known.getValue().size()) {
                throw new CorruptFileException(
                        file, 0, "log " + known.getKey() + " moved, shrank or vanished since the anchor before");
            }
        }
        anchor.entries().forEach((logId, entry) -> {
            Head head = heads.computeIfAbsent(logId, id -> new TreeMap<>())
                    .putIfAbsent(entry.size(), new Head(entry.root(), number));
            if (head != null && !head.root().equals(entry.root())) {
                findings.failed(
                        Claim.ANCHORS,
                        Findings.relative(layout.root(), file),
                        "log " + logId + " has another root of " + entry.size() + " leaves than in anchor "
                                + head.anchor());
            }
        });
        node = anchor.after();
        last = anchor;
        if (rootsWanted.containsKey(node.to())) {
            rootsWanted.put(node.to(), node.root());
        }
    }

    /** Each hand-over names a head of this node's log. */
    private void checkSuccessions(WriterState writer) throws IOException {
        for (Succession succession : keys.successions()) {
            Checkpoint head = succession.head();
            if (!head.root().equals(rootsWanted.get(head.size()))) {
                findings.failed(
                        Claim.ANCHORS,
                        Findings.relative(layout.root(), layout.succession(succession.number())),
                        "the keys were handed over after " + head.size() + " anchors with root "
                                + head.root().base64() + ", which these " + node.to() + " anchors do not give");
            }
        }
        // What is not in place yet has no meaning, whoever left it.
        VaultVerifier.checkNames(
                layout.successions(),
                name -> Layout.isNumbered(name, Layout.SUCCESSION_SUFFIX)
                        || Layout.isNumbered(name, Layout.SUCCESSION_SUFFIX + Layout.TEMPORARY_SUFFIX),
                writer,
                layout,
                findings);
    }

    private @Nullable Checkpoint checkpoint() throws IOException {
        Path file = layout.checkpoint();
        if (!Files.isRegularFile(file)) {
            return null;
        }
        try {
            if (Files.size(file) > NOTE_BYTES_MAX) {
                throw new IllegalArgumentException("a note has at most 1 MiB");
            }
            SignedNote note = SignedNote.parse(Files.readAllBytes(file));
            Checkpoint checkpoint = Checkpoint.parse(note.text());
            if (!keys.at(checkpoint.size()).verifies(note)) {
                throw new IllegalArgumentException("this is no checkpoint that the vault's keys signed");
            }
            return signed(note);
        } catch (IllegalArgumentException e) {
            findings.failed(Claim.ANCHORS, "anchors/checkpoint", e);
            return null;
        }
    }

    private Checkpoint signed(SignedNote note) {
        Checkpoint checkpoint = Checkpoint.parse(note.text());
        NoteVerifier signer = keys.at(checkpoint.size()).verifier();
        if (!signer.verifies(note) || !checkpoint.origin().equals(keys.name())) {
            throw new IllegalArgumentException("this is no checkpoint that " + signer.format() + " signed");
        }
        return checkpoint;
    }

    private @Nullable Checkpoint keptCheckpoint(SignedNote kept) {
        try {
            return signed(kept);
        } catch (IllegalArgumentException e) {
            findings.failed(Claim.ANCHORS, "the kept checkpoint", e);
            return null;
        }
    }

    private void checkCurrent(@Nullable Checkpoint current, WriterState writer) {
        long behind = node.to() - (current == null ? 0 : current.size());
        if (current != null && (behind < 0 || !current.root().equals(rootsWanted.get(current.size())))) {
            findings.failed(
                    Claim.ANCHORS,
                    "anchors/checkpoint",
                    "the checkpoint is of " + current.size() + " anchors with root " + current.root() + ", which these "
                            + node.to() + " anchors do not give: some were removed or replaced");
        } else if (writer == WriterState.CLOSED && behind > 0 || writer == WriterState.KILLED && behind > 1) {
            findings.failed(
                    Claim.ANCHORS,
                    "anchors/checkpoint",
                    "expected the checkpoint of the latest anchor, found "
                            + (current == null ? "none that is readable" : "that of anchor " + current.size()));
        }
    }

    private void checkKept(Checkpoint kept) {
        if (kept.size() > node.to() || !kept.root().equals(rootsWanted.get(kept.size()))) {
            findings.failed(
                    Claim.ANCHORS,
                    "the kept checkpoint",
                    "it is of " + kept.size() + " anchors with root " + kept.root() + "; this vault has " + node.to()
                            + " anchors, which do not give it: the vault was put back or replaced");
        } else {
            findings.passed(
                    Claim.ANCHORS,
                    "the kept checkpoint",
                    "this vault is a continuation of the one that had " + kept.size() + " anchors");
        }
    }

    /**
     * Compares a log that was copied up to an earlier anchor than the latest: its roots by its sizes after each segment.
     *
     * @param copied how many leaves the manifests say that there are
     */
    void compareCopied(LogId logId, LogDirectory directory, NavigableMap<Long, Digest> found, long copied) {
        compared.add(logId);
        NavigableMap<Long, Head> anchored = heads.getOrDefault(logId, new TreeMap<>());
        Head last = anchored.get(copied);
        if (last == null || !last.root().equals(found.get(copied))) {
            findings.failed(
                    Claim.ANCHORS,
                    Findings.relative(layout.root(), directory.path()),
                    "the manifests say that the log was copied up to " + copied + " leaves; there is no anchor that saw"
                            + " these leaves");
        }
        anchored.headMap(copied, false).forEach((at, head) -> {
            if (!head.root().equals(found.get(at))) {
                findings.failed(
                        Claim.ANCHORS,
                        Findings.relative(layout.root(), directory.path()),
                        "the first " + at + " leaves do not give the root that anchor " + head.anchor() + " saw");
            }
        });
    }

    /** Returns how many anchors there are, as far as they follow one another. */
    long count() {
        return node.to();
    }

    /** Returns how many anchors the file {@code checkpoint} says that there are; 0 if it says nothing. */
    long checkpointed() {
        return checkpointed;
    }

    /** Says whether an anchor has a head of this log. */
    boolean know(LogId logId) {
        return heads.containsKey(logId);
    }

    /** Compares what the anchors say of a log with the log itself: its roots by its sizes after each segment. */
    void compare(LogId logId, LogDirectory directory, NavigableMap<Long, Digest> found) {
        compared.add(logId);
        String where = Findings.relative(layout.root(), directory.path());
        long size = found.isEmpty() ? 0 : found.lastKey();
        NavigableMap<Long, Head> anchored = heads.getOrDefault(logId, new TreeMap<>());
        anchored.headMap(size, true).forEach((at, head) -> {
            if (!head.root().equals(found.get(at))) {
                long segment = found.headMap(at, false).size() + 1L;
                findings.failed(
                        Claim.ANCHORS,
                        Findings.relative(layout.root(), directory.segment(segment)),
                        "the first " + at + " leaves do not give the root that anchor " + head.anchor() + " saw");
            }
        });
        if (!anchored.isEmpty() && anchored.lastKey() > size) {
            findings.failed(
                    Claim.ANCHORS,
                    where,
                    "the log is whole for " + size + " leaves only; anchor "
                            + anchored.lastEntry().getValue().anchor() + " saw " + anchored.lastKey()
                            + ": its end was cut off or changed");
        }
        if (size > (anchored.isEmpty() ? 0 : anchored.lastKey())) {
            unanchored.put(logId, new Unanchored(directory, found));
        }
    }

    /** Says whether a log has leaves that no anchor covers. */
    boolean hasUnanchored() {
        return !unanchored.isEmpty();
    }

    /**
     * Says what follows from leaves that no anchor covers. A journal file goes only after an anchor covers its records: if
     * the journal does not have them either, an anchor was removed, or a segment was added.
     *
     * @param journal what the journal holds, read after the logs
     * @param decrypted whether its frames were decrypted; else they are what anybody could have put there
     */
    void judgeUnanchored(JournalRanges journal, boolean decrypted, WriterState writer) throws IOException {
        if (writer == WriterState.WRITING) {
            // What the writer anchored, and then removed from the journal, since the anchors were read.
            try {
                for (long number : Layout.numbers(layout.anchors(), Layout.ANCHOR_SUFFIX)) {
                    if (number > node.to()) {
                        add(number);
                    }
                }
            } catch (CorruptFileException e) {
                findings.failed(Claim.ANCHORS, layout.root(), e);
                return;
            }
        }
        unanchored.forEach((logId, log) -> judge(logId, log, journal, decrypted, writer));
    }

    private void judge(LogId logId, Unanchored log, JournalRanges journal, boolean decrypted, WriterState writer) {
        NavigableMap<Long, Head> anchored = heads.getOrDefault(logId, new TreeMap<>());
        long anchoredSize = anchored.isEmpty() ? 0 : anchored.lastKey();
        long from = anchoredSize;
        for (long to : log.heads().tailMap(anchoredSize, false).keySet()) {
            long segment = log.heads().headMap(to, false).size() + 1L;
            String where = Findings.relative(layout.root(), log.directory().segment(segment));
            // The last leaf of a segment is its seal, which is in no journal.
            if (!journal.cover(logId, from, to - 1)) {
                findings.failed(
                        Claim.ANCHORS,
                        where,
                        "the leaves from " + from + " to " + to + " are under no anchor, and the journal does not hold"
                                + " their records: an anchor was removed, or the segment was added from elsewhere");
            } else if (decrypted) {
                findings.passed(
                        Claim.ANCHORS,
                        where,
                        "the leaves from " + from + " to " + to + " are under no anchor yet; the journal holds them");
            } else {
                findings.indeterminate(
                        Claim.ANCHORS,
                        where,
                        "the leaves from " + from + " to " + to + " are under no anchor yet"
                                + (writer == WriterState.WRITING
                                        ? "; the vault is being written, verify again"
                                        : "; the last writer was killed. With the passphrase the journal can be asked"));
            }
            from = to;
        }
    }

    /** Says what follows once all logs were compared. */
    void conclude() {
        for (LogId logId : heads.keySet()) {
            if (!compared.contains(logId)) {
                findings.failed(Claim.ANCHORS, "tenants/" + logId, "the anchors know this log, and it is missing");
            }
        }
        Anchor latest = last;
        findings.passedIfClean(
                Claim.ANCHORS,
                "anchors",
                latest == null
                        ? "there is no anchor yet"
                        : node.to() + " anchors follow one another, the last of "
                                + Timestamps.format(latest.head().time()) + "; all logs are as they saw them");
    }
}
