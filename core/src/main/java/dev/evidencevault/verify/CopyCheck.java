package dev.evidencevault.verify;

import dev.evidencevault.copy.CopyChain;
import dev.evidencevault.copy.CopyManifest;
import dev.evidencevault.copy.CopyMarker;
import dev.evidencevault.copy.CopyPart;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.deposit.DepositProgress;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.LogId;
import dev.evidencevault.format.Timestamps;
import dev.evidencevault.place.DirectoryStore;
import dev.evidencevault.segment.SegmentFile;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Layout.LogDirectory;
import dev.evidencevault.storage.Settings;
import dev.evidencevault.storage.Tombstone;
import dev.evidencevault.storage.UnlockedVault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Checks a copy of a vault's logs: that its manifests follow one another, that what they name is there and unchanged, and
 * that the logs are those that the anchors saw, as far as they were copied. For one thread, once.
 *
 * <p>What no manifest names counts for nothing: a run that did not end left it, and the next one names it.
 */
final class CopyCheck {
    private static final Set<String> TOP = Set.of(
            CopyMarker.KEY,
            "vault.json",
            "vault.next.json",
            "vault.sig",
            "anchors",
            "attestations",
            "cases",
            "keys",
            "manifests",
            "names",
            "places",
            "retained",
            "service",
            "successions",
            "tenants",
            "tombstones");

    private final Layout layout;
    private final Settings settings;
    private final @Nullable UnlockedVault vault;
    private final @Nullable SignedNote kept;
    private final List<X509Certificate> timeRoots;
    private final Findings findings;
    private final DirectoryStore store;
    private long listed;
    private long deposits;

    CopyCheck(
            Layout layout,
            Settings settings,
            @Nullable UnlockedVault vault,
            @Nullable SignedNote kept,
            List<X509Certificate> timeRoots,
            Findings findings) {
        this.layout = layout;
        this.settings = settings;
        this.vault = vault;
        this.kept = kept;
        this.timeRoots = timeRoots;
        this.findings = findings;
        this.store = new DirectoryStore(layout.root());
    }

    void run() throws IOException {
        // A run may be adding to it now, or may not have ended: nothing here tells.
        WriterState writer = WriterState.WRITING;
        VaultVerifier.checkNames(layout.root(), TOP, writer, layout, findings);
        VaultVerifier.checkRegisters(layout, settings, findings);
        VaultVerifier.checkNames(
                layout.root().resolve("tombstones"),
                name -> name.matches("[0-9a-f]{32}" + Pattern.quote(Layout.TOMBSTONE_SUFFIX)),
                writer,
                layout,
                findings);
        CopyMarker marker = marker();
        CopyChain shared = marker == null ? null : chain(CopyPart.SHARED);
        if (marker == null || shared == null) {
            return;
        }
        AnchorChain anchors = new AnchorChain(layout, settings.keys(), vault, findings);
        anchors.read(writer, kept);
        CopyManifest last = shared.last();
        if (last == null) {
            findings.indeterminate(Claim.MANIFEST, "manifests", "no run of copying has ended here yet");
            return;
        }
        objects(shared);
        if (findings.clean(Claim.ANCHORS) && anchors.count() < last.leaves()) {
            findings.failed(
                    Claim.ANCHORS,
                    "anchors",
                    "expected " + last.leaves() + " anchors as manifest " + last.number() + " says, found "
                            + anchors.count());
        }
        if (anchors.checkpointed() > last.leaves()) {
            findings.failed(
                    Claim.MANIFEST,
                    CopyPart.SHARED.manifests(),
                    "the latest checkpoint is of " + anchors.checkpointed() + " anchors, the manifests end with "
                            + last.leaves() + ": later ones were removed");
        }
        new AttestationCheck(layout, settings.keys(), timeRoots, findings).run(writer);
        long leaves = 0;
        int logs = 0;
        for (CopyPart part : parts(marker)) {
            leaves += log(part, anchors, writer);
            logs++;
        }
        if (marker.holds() == CopyMarker.Holds.CONFIGURATION) {
            new CaseCheck(layout, vault, findings).run(writer);
        }
        conclude(marker, last, leaves, logs);
    }

    private void conclude(CopyMarker marker, CopyManifest last, long leaves, int logs) {
        findings.passedIfClean(
                Claim.MANIFEST,
                "manifests",
                "a copy of " + marker.holds().label() + " up to anchor " + last.anchor() + ", made at "
                        + Timestamps.format(last.time()) + "; all " + listed
                        + " objects that its manifests name are there and unchanged");
        findings.passedIfClean(
                Claim.SEGMENTS, "copy", "the " + leaves + " leaves of " + logs + " logs are unchanged, without a gap");
        findings.passedIfClean(
                Claim.ANCHORS,
                "anchors",
                "the anchors follow one another; the logs are as they saw them, as far as each was copied");
        findings.passedIfClean(
                Claim.BACKUPS,
                "copy",
                "the " + deposits + " backups that the logs tell of are there, and their packs are unchanged");
        if (findings.clean(Claim.SEGMENTS) && vault != null) {
            findings.passedIfClean(Claim.RECORDS, "copy", "all records decrypt and are those that the trees commit to");
        }
    }

    private @Nullable CopyMarker marker() throws IOException {
        try {
            CopyMarker marker = CopyMarker.parse(store.read(CopyMarker.KEY, CopyMarker.BYTES_MAX));
            if (marker.vaultId().equals(settings.vaultId())) {
                return marker;
            }
            findings.failed(Claim.FILES, CopyMarker.KEY, "it is of vault " + marker.vaultId());
        } catch (IllegalArgumentException e) {
            findings.failed(Claim.FILES, CopyMarker.KEY, e);
        }
        return null;
    }

    private @Nullable CopyChain chain(CopyPart part) throws IOException {
        try {
            return CopyChain.read(store, part, settings);
        } catch (CorruptFileException e) {
            findings.failed(Claim.MANIFEST, layout.root(), e);
            return null;
        }
    }

    /** The logs that lie here: those of which there are files, and those of which there are manifests. */
    private Set<CopyPart> parts(CopyMarker marker) throws IOException {
        Set<CopyPart> parts = new LinkedHashSet<>();
        Set<String> names = new TreeSet<>();
        for (Path directory : Layout.list(layout.tenants())) {
            names.add(String.valueOf(directory.getFileName()));
        }
        for (Path directory : Layout.list(layout.root().resolve("manifests"))) {
            names.add(String.valueOf(directory.getFileName()));
        }
        names.remove(CopyPart.SHARED.name());
        for (String name : names) {
            try {
                boolean service = name.equals("service");
                if (service != (marker.holds() == CopyMarker.Holds.CONFIGURATION)) {
                    throw new IllegalArgumentException(
                            "a copy of " + marker.holds().label() + " has no log " + name);
                }
                parts.add(service ? new CopyPart(null, true) : CopyPart.of(LogId.parse(name)));
            } catch (IllegalArgumentException e) {
                findings.failed(Claim.FILES, name, e);
            }
        }
        return parts;
    }

    /** Checks one log; returns how many leaves of it are whole. */
    private long log(CopyPart part, AnchorChain anchors, WriterState writer) throws IOException {
        CopyChain chain = chain(part);
        if (chain == null) {
            return 0;
        }
        objects(chain);
        CopyManifest last = chain.last();
        LogDirectory directory =
                part.service() ? layout.service() : layout.log(layout.tenants().resolve(part.name()));
        if (last == null || last.segments() == 0) {
            findings.passed(
                    Claim.FILES,
                    Findings.relative(layout.root(), directory.path()),
                    "no run has copied this log to its end yet; it counts for nothing");
            return 0;
        }
        LogId logId = part.service() ? serviceLogId(directory) : part.log();
        if (logId == null) {
            // That its segments are missing was found already.
            return 0;
        }
        LogVerifier verifier = new LogVerifier(layout, logId, directory, settings, vault, findings);
        verifier.announced(chain.keys());
        verifier.run(writer);
        // Without a tenant's keys, its deposits are compared as the log's seals name them.
        UnlockedVault reading = Files.exists(directory.keys()) && !Tombstone.isAt(directory) ? vault : null;
        deposits += new DepositCheck(layout, logId, directory, reading, DepositProgress.NONE, findings)
                .run(writer, verifier.deposits());
        if (findings.clean(Claim.SEGMENTS)) {
            anchors.compareCopied(logId, directory, verifier.heads(), last.leaves());
        }
        return Math.min(last.leaves(), verifier.leaves());
    }

    private static @Nullable LogId serviceLogId(LogDirectory directory) throws IOException {
        if (!Files.isRegularFile(directory.segment(1))) {
            return null;
        }
        try (SegmentFile file = new SegmentFile(directory.segment(1))) {
            return file.logId();
        }
    }

    /** Compares what the manifests of a part name with what lies there. */
    private void objects(CopyChain chain) throws IOException {
        for (CopyManifest.Entry entry : chain.objects()) {
            listed++;
            Path file = layout.root().resolve(entry.key());
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                findings.failed(Claim.MANIFEST, entry.key(), "the file is missing, and a manifest names it");
            } else if (Files.size(file) != entry.bytes() || !Digest.sha256(file).equals(entry.digest())) {
                findings.failed(
                        Claim.MANIFEST,
                        entry.key(),
                        "expected " + entry.bytes() + " bytes with SHA-256 " + entry.digest() + " as the manifest says,"
                                + " found others");
            }
        }
    }
}
