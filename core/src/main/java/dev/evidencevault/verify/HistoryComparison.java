package dev.evidencevault.verify;

import dev.evidencevault.anchor.Anchor;
import dev.evidencevault.bundle.BundleFiles;
import dev.evidencevault.bundle.BundleLayout;
import dev.evidencevault.bundle.MalformedBundleException;
import dev.evidencevault.bundle.Scope;
import dev.evidencevault.crypto.note.Checkpoint;
import dev.evidencevault.crypto.note.NoteVerifier;
import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.KeyHistory;
import dev.evidencevault.format.Succession;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Compares two views of one vault: checkpoints, bundles, or whole vaults. Two checkpoints of one size with two roots under
 * one key prove to everybody that who holds the key told two stories. Immutable and safe for use by several threads.
 */
public final class HistoryComparison {
    private static final int SMALL_FILE_BYTES_MAX = 2 << 20;

    private final @Nullable NoteVerifier pinned;

    /**
     * What came of a comparison.
     *
     * @param verdict passed if one view continues the other or both are the same; failed if they contradict each other;
     *     else indeterminate
     * @param reason why
     * @param proof two signed checkpoints of one size with two roots, if there are such
     */
    public record Result(Verdict verdict, String reason, Optional<ForkProof> proof) {}

    /**
     * Two checkpoints, or two successions of keys, that cannot both be true.
     *
     * @param key the key that signed both
     * @param first the one
     * @param second the other
     */
    public record ForkProof(NoteVerifier key, SignedNote first, SignedNote second) {}

    /** Creates a comparison; {@code pinned} is the key that has to have signed, or null to take one view's word. */
    public HistoryComparison(@Nullable NoteVerifier pinned) {
        this.pinned = pinned;
    }

    private record OwnVault(Layout layout, KeyHistory keys) {}

    /** A checkpoint that somebody was shown, and where its earlier ones are, if they are at hand. */
    private record View(
            Path path,
            SignedNote note,
            Checkpoint head,
            @Nullable KeyHistory keys,
            @Nullable OwnVault vault) {
        /**
         * The view's checkpoint of a size; null if it does not have that.
         *
         * @throws CorruptFileException if its latest anchor does not continue that one, or one between is missing
         */
        private @Nullable SignedNote at(long size) throws IOException {
            if (size == head.size()) {
                return note;
            }
            if (vault == null || size > head.size() || size < 1) {
                return null;
            }
            Anchor then = Anchor.read(vault.layout(), size, vault.keys());
            if (!Anchor.read(vault.layout(), head.size(), vault.keys()).continues(then, vault.layout())) {
                throw new CorruptFileException(
                        vault.layout().anchor(size), 0, "the latest anchor does not continue this one");
            }
            return then.note();
        }
    }

    /**
     * Compares two views.
     *
     * @param first a file with a signed checkpoint, a bundle (a file, or unpacked), or a vault's directory
     * @param second another
     * @throws IllegalArgumentException if one of them is neither
     */
    public Result compare(Path first, Path second) throws IOException {
        View a = view(first);
        View b = view(second);
        if (!a.head().origin().equals(b.head().origin())) {
            return undecided("they are of two vaults: " + a.head().origin() + " and "
                    + b.head().origin());
        }
        KeyHistory keys = a.keys() != null ? a.keys() : b.keys();
        if (a.keys() != null && b.keys() != null) {
            Optional<Result> fork = forkOfKeys(a.keys(), b.keys());
            if (fork.isPresent()) {
                return fork.get();
            }
            Optional<KeyHistory> joined = a.keys().joined(b.keys());
            if (joined.isEmpty()) {
                return undecided("they are under keys that have nothing to do with each other: "
                        + a.keys().current().verifier().format() + " and "
                        + b.keys().current().verifier().format());
            }
            keys = joined.get();
        }
        if (keys == null && pinned == null) {
            return undecided("a checkpoint does not say whose it is: give the vault's key");
        }
        if (keys != null && pinned != null && !keys.knows(pinned)) {
            return undecided("neither is of the key that was given, " + pinned.format());
        }
        for (View view : List.of(a, b)) {
            NoteVerifier key = signer(keys, view.head());
            if (!key.name().equals(view.head().origin()) || !key.verifies(view.note())) {
                return undecided(
                        view.path() + " is not signed with " + key.format() + ": it says nothing of that vault");
            }
        }
        return compare(a, b, keys);
    }

    private NoteVerifier signer(@Nullable KeyHistory keys, Checkpoint head) {
        return keys == null
                ? Objects.requireNonNull(pinned, "a key")
                : keys.at(head.size()).verifier();
    }

    /** Two successors of one key prove to everybody that who held it handed over twice. */
    private static Optional<Result> forkOfKeys(KeyHistory a, KeyHistory b) {
        int both = Math.min(a.successions().size(), b.successions().size());
        for (int i = 0; i < both; i++) {
            Succession first = a.successions().get(i);
            Succession second = b.successions().get(i);
            if (!first.before().equals(second.before())) {
                return Optional.empty();
            }
            if (!first.equals(second)) {
                NoteVerifier key = first.before().verifier();
                return Optional.of(new Result(
                        Verdict.FAILED,
                        "there are two histories: " + key.format() + " was succeeded by "
                                + first.after().verifier().format() + " and by "
                                + second.after().verifier().format(),
                        Optional.of(new ForkProof(key, first.note(), second.note()))));
            }
        }
        return Optional.empty();
    }

    private static Result undecided(String reason) {
        return new Result(Verdict.INDETERMINATE, reason, Optional.empty());
    }

    private Result compare(View a, View b, @Nullable KeyHistory keys) throws IOException {
        long size = Math.min(a.head().size(), b.head().size());
        SignedNote first;
        SignedNote second;
        try {
            first = a.at(size);
            second = b.at(size);
        } catch (CorruptFileException e) {
            return new Result(
                    Verdict.FAILED,
                    e.file() + ": " + e.problem() + ": anchors are missing, or of another history",
                    Optional.empty());
        }
        if (first == null || second == null) {
            return undecided(
                    "they are of " + a.head().size() + " and " + b.head().size()
                            + " anchors; whether one continues the other, the vault itself can tell: compare it with each");
        }
        if (first.text().equals(second.text())) {
            return new Result(
                    Verdict.PASSED,
                    a.head().size() == b.head().size()
                            ? "both have seen the same " + size + " anchors"
                            : "after " + size + " anchors both are the same; the one with "
                                    + Math.max(a.head().size(), b.head().size()) + " continues the other",
                    Optional.empty());
        }
        NoteVerifier key = signer(keys, Checkpoint.parse(first.text()));
        return new Result(
                Verdict.FAILED,
                "there are two histories: at " + size + " anchors the roots are "
                        + Checkpoint.parse(first.text()).root().base64() + " and "
                        + Checkpoint.parse(second.text()).root().base64() + ", both signed with " + key.format(),
                Optional.of(new ForkProof(key, first, second)));
    }

    private static View view(Path path) throws IOException {
        if (!Files.exists(path)) {
            throw new NoSuchFileException(path.toString());
        }
        if (VaultVerifier.looksLikeVault(path)) {
            Layout layout = new Layout(path);
            KeyHistory keys = Settings.read(layout).keys();
            List<Long> numbers = Layout.numbers(layout.anchors(), Layout.ANCHOR_SUFFIX);
            if (numbers.isEmpty()) {
                throw new IllegalArgumentException(path + " has no anchor yet");
            }
            SignedNote note =
                    Anchor.read(layout, numbers.get(numbers.size() - 1), keys).note();
            return new View(path, note, Checkpoint.parse(note.text()), keys, new OwnVault(layout, keys));
        }
        try {
            if (Files.isDirectory(path) || startsLikeZip(path)) {
                try (BundleFiles files = BundleFiles.open(path)) {
                    SignedNote note = SignedNote.parse(files.read(BundleLayout.NODE_CHECKPOINT, SMALL_FILE_BYTES_MAX));
                    Scope scope = Scope.parse(files.read(BundleLayout.SCOPE, SMALL_FILE_BYTES_MAX));
                    return new View(path, note, Checkpoint.parse(note.text()), scope.keys(), null);
                }
            }
            if (Files.size(path) > SignedNote.BYTES_MAX) {
                throw new IllegalArgumentException("a checkpoint has at most 1 MiB");
            }
            SignedNote note = SignedNote.parse(Files.readAllBytes(path));
            return new View(path, note, Checkpoint.parse(note.text()), null, null);
        } catch (IllegalArgumentException | NoSuchFileException e) {
            throw new IllegalArgumentException(
                    path + " is neither a vault, nor a bundle, nor a signed checkpoint: " + Json.firstLine(e), e);
        } catch (MalformedBundleException e) {
            throw new IllegalArgumentException(path + " is not a whole bundle: " + e.getMessage(), e);
        }
    }

    private static boolean startsLikeZip(Path path) throws IOException {
        try (var in = Files.newInputStream(path)) {
            byte[] begin = in.readNBytes(2);
            return begin.length == 2 && begin[0] == 'P' && begin[1] == 'K';
        }
    }
}
