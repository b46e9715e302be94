package dev.evidencevault.copy;

import dev.evidencevault.anchor.Anchor;
import dev.evidencevault.attest.Attestations;
import dev.evidencevault.crypto.merkle.CompactRange;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.vrf.VrfPublicKey;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.LogId;
import dev.evidencevault.format.Succession;
import dev.evidencevault.format.Timestamps;
import dev.evidencevault.place.ObjectContent;
import dev.evidencevault.place.ObjectStore;
import dev.evidencevault.place.StoredObject;
import dev.evidencevault.segment.SegmentCheck;
import dev.evidencevault.segment.SegmentEnd;
import dev.evidencevault.segment.SegmentFile;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Layout.LogDirectory;
import dev.evidencevault.storage.Settings;
import dev.evidencevault.storage.SuccessionFile;
import dev.evidencevault.storage.UnlockedVault;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
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

    private static final String SETTINGS = "vault.json";
    private static final String NEXT_SETTINGS = "vault.next.json";
    private static final String SIGNATURE = "vault.sig";
    private static final int SMALL_BYTES_MAX = 1 << 20;
    private static final int KEY_FILE_BYTES_MAX = 64 << 10;
    private static final int TENTHS = 10;

    private final UnlockedVault vault;
    private final ObjectStore store;
    private final CopyOptions options;
    private final Clock clock;
    private final Anchor anchor;
    private final long partsTotal;
    private final @Nullable Instant retainUntil;

    private CopyChain shared = new CopyChain(CopyPart.SHARED, List.of(), List.of());
    private List<CopyManifest.Entry> sharedPending = List.of();
    private long sharedPendingBytes;
    private long sharedBefore;
    private CopyChain chain = new CopyChain(CopyPart.SHARED, List.of(), List.of());
    private List<CopyManifest.Entry> pending = new ArrayList<>();
    private final Set<String> signed = new HashSet<>();
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
        this.retainUntil = options.retain()
                .map(time -> clock.instant().plus(time).truncatedTo(ChronoUnit.SECONDS))
                .orElse(null);
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
            if (last != null) {
                retain(part, last.number(), last.number());
            }
            part();
            return;
        }
        begin(part);
        long manifests = chain.manifests().size();
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
        retain(part, manifests, chain.manifests().size());
        logs++;
        part();
    }

    private void segments(CopyPart part, LogId logId, LogDirectory directory, Anchor.Entry wanted) throws IOException {
        CopyManifest last = chain.last();
        long copied = last == null ? 0 : last.segments();
        SegmentEnd end = SegmentEnd.none();
        VrfPublicKey tagKey = null;
        byte[] keysBefore = small(part.keys());
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
        byte[] keys = keys(directory, all.get(all.size() - 1).end());
        if (keysBefore != null && !Arrays.equals(keysBefore, keys)) {
            // Before the first segment that may need them; they open what is there already as well. No seal there names
            // them yet: the manifest does.
            sign(chain.last(), Digest.sha256(keys));
            replace(part.keys(), keys);
        }
        for (Checked segment : all) {
            Path index = directory.index(segment.number());
            if (segment.index() != null && options.indexes()) {
                index(part, index, segment.index());
            }
            add(part.prefix() + "log/" + segment.file().getFileName(), segment.content());
            // That which says that the log is whole comes after its first keys: with it, no run would look at them
            // again.
            if (isManifestDue() && segment.number() < all.get(all.size() - 1).number()) {
                manifest(segment.tree(), segment.number());
            }
            end = segment.end();
        }
        replace(part.keys(), keys);
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
    private byte[] keys(LogDirectory directory, SegmentEnd end) throws IOException {
        for (Path file : List.of(directory.keys(), directory.nextKeys())) {
            if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                byte[] content = small(file, KEY_FILE_BYTES_MAX);
                if (Digest.sha256(content).equals(end.keys())) {
                    return content;
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
                if (isManifestDue()) {
                    sign(chain.last(), null);
                }
            }
        }
    }

    private static boolean isDeposit(String name) {
        return Layout.isNumbered(name, Layout.PACK_SUFFIX)
                || Layout.isNumbered(name, Layout.ITEM_SUFFIX)
                || Layout.isNumbered(name, Layout.RECORDED_SUFFIX);
    }

    /**
     * Copies what the logs' manifests need: the keys that they are signed with, and the anchors that saw the logs. So a copy
     * verifies and is read after every step of a run.
     */
    void first() throws IOException {
        Layout layout = vault.layout();
        begin(CopyPart.SHARED);
        CopyManifest last = chain.last();
        sharedBefore = last == null ? 0 : last.number();
        long copied = last == null ? 0 : last.leaves();
        if (copied > anchorNumber()) {
            throw new CorruptFileException(
                    layout.anchors(),
                    0,
                    store.name() + " has " + copied + " anchors, the vault " + anchorNumber()
                            + ": the vault was put back or cut off");
        }
        anchors(settings(layout, copied), anchorNumber());
        if (Files.exists(layout.places())) {
            replaceFile("places", layout.places());
        }
        shared = chain;
        sharedPending = pending;
        sharedPendingBytes = pendingBytes;
    }

    /** Copies the anchors behind one up to another, and names them in manifests but for the last of them. */
    private long anchors(long from, long last) throws IOException {
        for (long number = from + 1; number <= last; number++) {
            Anchor.read(vault.layout(), number, vault.settings().keys());
            add(
                    "anchors/" + Layout.numbered(number, Layout.ANCHOR_SUFFIX),
                    vault.layout().anchor(number));
            if (isManifestDue() && number < anchorNumber()) {
                manifest(after(number), 0);
            }
        }
        return Math.max(from, last);
    }

    /** Copies what else all logs share and signs which manifests the logs have. */
    void last() throws IOException {
        Layout layout = vault.layout();
        chain = shared;
        pending = sharedPending;
        pendingBytes = sharedPendingBytes;
        CopyManifest last = chain.last();
        attestations(layout);
        if (options.holds() == CopyMarker.Holds.CONFIGURATION) {
            cases(layout);
        }
        for (CopyManifest.Entry manifest : unlisted()) {
            pending.add(manifest);
            if (retainUntil != null && !signed.contains(manifest.key())) {
                store.retain(manifest.key(), retainUntil);
            }
            if (isManifestDue()) {
                manifest(anchor.after(), 0);
            }
        }
        if (!pending.isEmpty() || last == null) {
            manifest(anchor.after(), 0);
        }
        retain(CopyPart.SHARED, sharedBefore, chain.manifests().size());
        // Last, so that one that is later than the manifests says that manifests are missing.
        replace("anchors/checkpoint", anchor.note().format());
        part();
    }

    /**
     * Copies the settings and their signature, which belong together also when the vault gets another secret meanwhile, and the
     * hand-overs of the keys that sign. Each comes after the anchors that were signed before it and before those that come after.
     *
     * @param copied how many anchors are there already
     * @return how many are there now
     */
    private long settings(Layout layout, long copied) throws IOException {
        Settings.Signed files = Settings.readSigned(layout);
        long there = copied;
        for (SuccessionFile file : Settings.read(layout).successions()) {
            Succession succession = file.succession();
            if (succession.head().size() > anchorNumber()) {
                throw new IOException("the keys that sign were handed over just now: run the copy again");
            }
            there = anchors(there, succession.head().size());
            replaceFile(
                    "successions/" + Layout.numbered(succession.number(), Layout.SUCCESSION_SUFFIX),
                    layout.succession(succession.number()));
        }
        byte[] before = small(SETTINGS);
        if (before != null && !Arrays.equals(before, files.settings())) {
            // As in the vault: the signature is at every moment that of one of two files, and a reader finds out of
            // which.
            replace(NEXT_SETTINGS, files.settings());
            replace(SIGNATURE, files.signature());
        }
        replace(SETTINGS, files.settings());
        replace(SIGNATURE, files.signature());
        store.delete(NEXT_SETTINGS);
        return there;
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

    /**
     * Sees to it that what is in a part is retained for as long as is asked for, or for nine tenths of that: so it is done about
     * ten times in that time, and not in every run. A log's manifests are among what is shared.
     *
     * @param before how many manifests the part had before this run, which retained what it wrote
     * @param manifests how many it has now
     */
    private void retain(CopyPart part, long before, long manifests) throws IOException {
        Instant until = retainUntil;
        Duration asked = options.retain().orElse(null);
        if (until == null || asked == null) {
            return;
        }
        CopyRetention known = CopyRetention.read(store, part, vault.settings());
        boolean anew = known.until().isBefore(until.minus(asked.dividedBy(TENTHS))) || known.manifests() > manifests;
        if (!anew && known.manifests() == manifests) {
            return;
        }
        Instant least = anew || until.isBefore(known.until()) ? until : known.until();
        CopyChain all = chain.part().equals(part) ? chain : CopyChain.read(store, part, vault.settings());
        for (long number = anew ? 1 : known.manifests() + 1; number <= before; number++) {
            for (CopyManifest.Entry object :
                    all.manifests().get((int) number - 1).objects()) {
                store.retain(object.key(), least);
            }
            if (part.equals(CopyPart.SHARED)) {
                store.retain(CopyManifest.key(part, number), least);
            }
        }
        CopyRetention now =
                new CopyRetention(vault.settings().vaultId(), store.location(), part.name(), manifests, least);
        store.replace(CopyRetention.key(part), now.sign(vault.signer()));
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
        sign(tree.to(), tree.root(), segments, null);
    }

    /** Signs a manifest of a log that is as whole as it was. */
    private void sign(@Nullable CopyManifest last, @Nullable Digest keys) throws IOException {
        if (last == null) {
            sign(0, new CompactRange().root(), 0, keys);
        } else {
            sign(last.leaves(), last.root(), last.segments(), keys);
        }
    }

    private void sign(long leaves, Digest root, long segments, @Nullable Digest keys) throws IOException {
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
                keys,
                pending);
        byte[] bytesSigned = manifest.sign(vault.signer());
        String key = CopyManifest.key(part, manifest.number());
        ObjectContent content = ObjectContent.of(bytesSigned);
        // The commit point: what it names counts from here on.
        store.put(key, content, retainUntil);
        signed.add(key);
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

    /** A small object; null if there is none. */
    private byte @Nullable [] small(String key) throws IOException {
        try {
            return store.read(key, SMALL_BYTES_MAX);
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private static byte[] small(Path file, int bytesMax) throws IOException {
        if (Files.size(file) > bytesMax) {
            throw new CorruptFileException(file, bytesMax, "the file has at most " + bytesMax + " bytes");
        }
        return Files.readAllBytes(file);
    }
}
