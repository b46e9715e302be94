package dev.evidencevault.copy;

import dev.evidencevault.anchor.Anchor;
import dev.evidencevault.attest.Attestations;
import dev.evidencevault.crypto.merkle.CompactRange;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.vrf.VrfPublicKey;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.LogId;
import dev.evidencevault.format.Timestamps;
import dev.evidencevault.place.ObjectContent;
import dev.evidencevault.place.ObjectStore;
import dev.evidencevault.place.StoredObject;
import dev.evidencevault.segment.SegmentCheck;
import dev.evidencevault.segment.SegmentEnd;
import dev.evidencevault.segment.SegmentFile;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Layout.LogDirectory;
import dev.evidencevault.storage.UnlockedVault;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes the parts of one run into a place, up to one anchor. For one thread, once. */
final class CopyWriter {
    /** After how many bytes a manifest is written, so that not more is done again after an interruption. */
    private static final long MANIFEST_EVERY_BYTES = 1L << 30;

    private static final int SMALL_BYTES_MAX = 1 << 20;
    private static final int KEY_FILE_BYTES_MAX = 64 << 10;

    private final UnlockedVault vault;
    private final ObjectStore store;
    private final CopyOptions options;
    private final Clock clock;
    private final Anchor anchor;
    private final long partsTotal;
    private final @Nullable Instant retainUntil;

    private CopyChain chain = new CopyChain(CopyPart.SHARED, List.of(), List.of());
    private List<CopyManifest.Entry> pending = new ArrayList<>();
    private long pendingBytes;
    private long partsDone;
    private long logs;
    private long objects;
    private long bytes;

    CopyWriter(
            UnlockedVault vault, ObjectStore store, CopyOptions options, Clock clock, Anchor anchor, long partsTotal) {
        this.vault = vault;
        this.store = store;
        this.options = options;
        this.clock = clock;
        this.anchor = anchor;
        this.partsTotal = partsTotal;
        this.retainUntil = options.retain().map(clock.instant()::plus).orElse(null);
    }

    CopyRun.Result result(long leftOut) {
        return new CopyRun.Result(anchorNumber(), logs, objects, bytes, leftOut);
    }

    private long anchorNumber() {
        return anchor.head().index() + 1;
    }

    /**
     * Copies what is new of a log.
     *
     * @param tenant its tenant; null for the service's own
     */
    void log(CopyPart part, LogDirectory directory, @Nullable String tenant) throws IOException {
        LogId logId = part.log();
        Anchor.Entry wanted = logId == null ? null : anchor.entries().get(logId);
        CopyManifest last = CopyChain.last(store, part, vault.settings());
        long known = last == null ? 0 : last.leaves();
        if (logId == null || wanted == null || known == wanted.size()) {
            part();
            return;
        }
        begin(part);
        if (known > wanted.size()) {
            throw new CorruptFileException(
                    directory.path(),
                    0,
                    store.name() + " has " + known + " leaves of this log, the vault's latest anchor sees "
                            + wanted.size() + ": the vault was put back or cut off");
        }
        if (tenant != null && last == null) {
            replace(FetchedCopy.nameKey(vault.nodeKeys(), tenant), (logId + "\n").getBytes(StandardCharsets.US_ASCII));
        }
        deposits(part, directory);
        segments(part, logId, directory, wanted);
        logs++;
        part();
    }

    private void segments(CopyPart part, LogId logId, LogDirectory directory, Anchor.Entry wanted) throws IOException {
        CopyManifest last = chain.last();
        long copied = last == null ? 0 : last.segments();
        SegmentEnd end = SegmentEnd.none();
        VrfPublicKey tagKey = null;
        if (last != null && copied > 0) {
            try (SegmentFile file = new SegmentFile(directory.segment(copied))) {
                end = file.end();
                tagKey = file.seal().tagKey();
            }
            if (end.tree().to() != last.leaves() || !end.tree().root().equals(last.root())) {
                throw new CorruptFileException(
                        directory.segment(copied),
                        0,
                        "the copy has " + last.leaves() + " leaves with root " + last.root() + ", the vault "
                                + end.tree().to() + " with root " + end.tree().root()
                                + ": these are two histories; nothing was copied");
            }
        }
        // All of them before the first is written: a seal that was changed shows only in what comes after it.
        List<Checked> all = checked(logId, directory, wanted, end, tagKey);
        for (Checked segment : all) {
            Path index = directory.index(segment.number());
            if (segment.index() != null && options.indexes()) {
                index(part, index, segment.index());
            }
            add(part.prefix() + "log/" + segment.file().getFileName(), segment.content());
            // That which says that the log is whole comes after its keys: with it, no run would look at them again.
            if (isManifestDue() && segment.number() < all.get(all.size() - 1).number()) {
                manifest(segment.tree(), segment.number());
            }
            end = segment.end();
        }
        keys(part, directory, end);
        if (!pending.isEmpty()) {
            manifest(end.tree(), end.segments());
        }
    }

    /** A segment that was checked, and the content that it had. */
    private record Checked(
            Path file,
            ObjectContent content,
            SegmentEnd end,
            @Nullable Digest index) {
        long number() {
            return end.segments();
        }

        CompactRange tree() {
            return end.tree();
        }
    }

    private List<Checked> checked(
            LogId logId,
            LogDirectory directory,
            Anchor.Entry wanted,
            SegmentEnd before,
            @Nullable VrfPublicKey tagKeyBefore)
            throws IOException {
        List<Checked> all = new ArrayList<>();
        SegmentEnd end = before;
        VrfPublicKey tagKey = tagKeyBefore;
        while (end.tree().to() < wanted.size()) {
            Path path = directory.segment(end.segments() + 1);
            if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
                throw new CorruptFileException(path, 0, "the segment is missing");
            }
            ObjectContent content = ObjectContent.of(path);
            try (SegmentFile file = new SegmentFile(path)) {
                SegmentCheck.require(file, logId, vault.settings().suite().cipher(), end, tagKey);
                tagKey = file.seal().tagKey();
                end = file.end();
                all.add(new Checked(path, content, end, file.seal().searchIndex()));
            }
        }
        if (end.tree().to() != wanted.size() || !end.tree().root().equals(wanted.root())) {
            throw new CorruptFileException(
                    directory.segments(),
                    0,
                    "anchor " + anchorNumber() + " saw " + wanted.size() + " leaves with root " + wanted.root()
                            + ", the segments have " + end.tree().to() + " with root "
                            + end.tree().root() + "; nothing was copied");
        }
        return all;
    }

    /** An index that is missing or damaged is left out: it is made anew out of the log, and proves nothing. */
    private void index(CopyPart part, Path file, Digest expected) throws IOException {
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                && Digest.sha256(file).equals(expected)) {
            add(part.prefix() + "index/" + file.getFileName(), file);
        }
    }

    /** The log's keys as they were when its last seal that is copied was made. */
    private void keys(CopyPart part, LogDirectory directory, SegmentEnd end) throws IOException {
        for (Path file : List.of(directory.keys(), directory.path().resolve("keys.next.json"))) {
            if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                byte[] content = small(file, KEY_FILE_BYTES_MAX);
                if (Digest.sha256(content).equals(end.keys())) {
                    replace(part.keys(), content);
                    return;
                }
            }
        }
        throw new CorruptFileException(
                directory.keys(),
                0,
                "the keys are not those that the last seal under anchor " + anchorNumber()
                        + " names: if they were rotated just now, run the copy again");
    }

    /**
     * What was deposited, if anything: packs and items, which do not change once they have their names. They are listed after the
     * anchor was chosen, so that all items which the log tells of under it are among them.
     */
    private void deposits(CopyPart part, LogDirectory directory) throws IOException {
        Set<String> known = new HashSet<>();
        chain.objects().forEach(entry -> known.add(entry.key()));
        for (Path file : Layout.list(directory.backups())) {
            String name = String.valueOf(file.getFileName());
            String key = part.prefix() + "backups/" + name;
            if (isDeposit(name) && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && !known.contains(key)) {
                add(key, file);
                CopyManifest last = chain.last();
                if (isManifestDue()) {
                    sign(
                            last == null ? 0 : last.leaves(),
                            last == null ? new CompactRange().root() : last.root(),
                            last == null ? 0 : last.segments());
                }
            }
        }
    }

    private static boolean isDeposit(String name) {
        return Layout.isNumbered(name, Layout.PACK_SUFFIX)
                || Layout.isNumbered(name, Layout.ITEM_SUFFIX)
                || Layout.isNumbered(name, Layout.RECORDED_SUFFIX);
    }

    /** Copies what all logs share and signs which manifests the logs have. */
    void shared() throws IOException {
        Layout layout = vault.layout();
        begin(CopyPart.SHARED);
        CopyManifest last = chain.last();
        // Before the settings, which may be signed with the key of the last one.
        for (long number : Layout.numbers(layout.successions(), Layout.SUCCESSION_SUFFIX)) {
            replaceFile("successions/" + Layout.numbered(number, Layout.SUCCESSION_SUFFIX), layout.succession(number));
        }
        replaceFile("vault.json", layout.settings());
        replaceFile("vault.sig", layout.settingsSignature());
        if (Files.exists(layout.places())) {
            replaceFile("places", layout.places());
        }
        long copied = last == null ? 0 : last.leaves();
        if (copied > anchorNumber()) {
            throw new CorruptFileException(
                    layout.anchors(),
                    0,
                    store.name() + " has " + copied + " anchors, the vault " + anchorNumber()
                            + ": the vault was put back or cut off");
        }
        for (long number = copied + 1; number <= anchorNumber(); number++) {
            Anchor.read(layout, number, vault.settings().keys());
            add("anchors/" + Layout.numbered(number, Layout.ANCHOR_SUFFIX), layout.anchor(number));
            if (isManifestDue()) {
                manifest(after(number), 0);
            }
        }
        attestations(layout);
        if (options.holds() == CopyMarker.Holds.CONFIGURATION) {
            cases(layout);
        }
        for (CopyManifest.Entry manifest : unlisted()) {
            pending.add(manifest);
            if (isManifestDue()) {
                manifest(anchor.after(), 0);
            }
        }
        if (!pending.isEmpty() || last == null) {
            manifest(anchor.after(), 0);
        }
        // Last, so that one that is later than the manifests says that manifests are missing.
        replace("anchors/checkpoint", anchor.note().format());
        part();
    }

    private CompactRange after(long number) throws IOException {
        return Anchor.read(vault.layout(), number, vault.settings().keys()).after();
    }

    /** The logs' manifests that no manifest of what is shared names yet: of this run, and of one that did not end. */
    private List<CopyManifest.Entry> unlisted() throws IOException {
        Set<String> known = new HashSet<>();
        chain.objects().forEach(entry -> known.add(entry.key()));
        List<CopyManifest.Entry> all = new ArrayList<>();
        for (StoredObject object : store.list("manifests/")) {
            if (!object.key().startsWith(CopyPart.SHARED.manifests()) && !known.contains(object.key())) {
                byte[] content = store.read(object.key(), SMALL_BYTES_MAX);
                all.add(new CopyManifest.Entry(Digest.sha256(content), content.length, object.key()));
            }
        }
        return all;
    }

    /**
     * What others say of the anchors. It may grow after an anchor was copied, and each proves itself: it is replaced and no
     * manifest names it.
     */
    private void attestations(Layout layout) throws IOException {
        Set<String> there = new HashSet<>();
        store.list("attestations/").forEach(object -> there.add(object.key() + " " + object.bytes()));
        for (Path file : Layout.list(layout.attestations())) {
            String name = String.valueOf(file.getFileName());
            if (Attestations.isName(name) && !there.contains("attestations/" + name + " " + Files.size(file))) {
                replace("attestations/" + name, small(file, SMALL_BYTES_MAX));
            }
        }
    }

    private void cases(Layout layout) throws IOException {
        Set<String> known = new HashSet<>();
        chain.objects().forEach(entry -> known.add(entry.key()));
        for (Path directory : Layout.list(layout.cases())) {
            if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
                continue;
            }
            for (Path file : Layout.list(directory)) {
                String key = "cases/" + directory.getFileName() + "/" + file.getFileName();
                if (Layout.isNumbered(String.valueOf(file.getFileName()), Layout.STEP_SUFFIX) && !known.contains(key)) {
                    add(key, file);
                    if (isManifestDue()) {
                        manifest(anchor.after(), 0);
                    }
                }
            }
        }
    }

    private boolean isManifestDue() {
        // A segment and its index stay together.
        return pending.size() >= CopyManifest.OBJECTS_MAX - 1 || pendingBytes >= MANIFEST_EVERY_BYTES;
    }

    private void begin(CopyPart part) throws IOException {
        chain = CopyChain.read(store, part, vault.settings());
        pending = new ArrayList<>();
        pendingBytes = 0;
    }

    private void part() {
        partsDone++;
        told();
    }

    private void told() {
        options.progress().at(partsDone, partsTotal, objects, bytes);
    }

    private void add(String key, Path file) throws IOException {
        add(key, ObjectContent.of(file));
    }

    private void add(String key, ObjectContent content) throws IOException {
        store.put(key, content, retainUntil);
        pending.add(new CopyManifest.Entry(content.digest(), content.bytes(), key));
        pendingBytes += content.bytes();
        count(content.bytes());
    }

    private void count(long length) {
        objects++;
        bytes += length;
        told();
    }

    private void manifest(CompactRange tree, long segments) throws IOException {
        sign(tree.to(), tree.root(), segments);
    }

    private void sign(long leaves, Digest root, long segments) throws IOException {
        CopyManifest last = chain.last();
        CopyPart part = chain.part();
        CopyManifest manifest = new CopyManifest(
                vault.settings().vaultId(),
                part.name(),
                last == null ? 1 : last.number() + 1,
                last == null
                        ? null
                        : chain.files().get(chain.files().size() - 1).digest(),
                Timestamps.nanos(clock.instant()),
                anchorNumber(),
                leaves,
                root,
                segments,
                pending);
        byte[] signed = manifest.sign(vault.signer());
        String key = CopyManifest.key(part, manifest.number());
        ObjectContent content = ObjectContent.of(signed);
        // The commit point: what it names counts from here on.
        store.put(key, content, retainUntil);
        CopyManifest.Entry file = new CopyManifest.Entry(content.digest(), content.bytes(), key);
        chain = chain.plus(manifest, file);
        pending = new ArrayList<>();
        pendingBytes = 0;
        count(content.bytes());
    }

    private void replaceFile(String key, Path file) throws IOException {
        replace(key, small(file, SMALL_BYTES_MAX));
    }

    private void replace(String key, byte[] content) throws IOException {
        if (!has(key, content)) {
            store.replace(key, content);
            count(content.length);
        }
    }

    private boolean has(String key, byte[] content) throws IOException {
        try (InputStream in = store.get(key, 0, content.length + 1L)) {
            return Arrays.equals(in.readNBytes(content.length + 1), content);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private static byte[] small(Path file, int bytesMax) throws IOException {
        if (Files.size(file) > bytesMax) {
            throw new CorruptFileException(file, bytesMax, "the file has at most " + bytesMax + " bytes");
        }
        return Files.readAllBytes(file);
    }
}
