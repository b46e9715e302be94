package dev.evidencevault.verify;

import dev.evidencevault.crypto.note.NoteVerifier;
import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.deposit.DepositProgress;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.LogId;
import dev.evidencevault.place.PlaceRegister;
import dev.evidencevault.retention.RetentionRules;
import dev.evidencevault.segment.SegmentFile;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Layout.LogDirectory;
import dev.evidencevault.storage.LogKeys;
import dev.evidencevault.storage.Settings;
import dev.evidencevault.storage.UnlockedVault;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Verifies a vault: without any key that all that is sealed is whole and in its place; with the vault's keys also that
 * it decrypts, that records and pseudonyms are those that the tree commits to, and that the journal is whole.
 *
 * <p>A copy of a vault's logs is verified likewise, by what its manifests say that it holds.
 *
 * <p>Works beside a writer. Somebody who holds the vault's signing key could have put back an older state of the whole
 * vault: give it a checkpoint that was kept elsewhere to find that. Immutable and safe for use by several threads.
 */
public final class VaultVerifier {
    private static final Set<String> TOP = Set.of(
            "vault.json",
            "vault.sig",
            "places",
            "retention",
            // A change of the secret may be cut short at any time, also in a vault that was closed.
            "vault.next.json",
            "vault.next.json.tmp",
            "lock",
            "journal",
            "anchors",
            "attestations",
            "successions",
            "cases",
            "tenants",
            "service");

    private final @Nullable NoteVerifier pinned;
    private final @Nullable SignedNote kept;
    private final List<X509Certificate> timeRoots;

    /**
     * Creates a verifier.
     *
     * @param pinned the key that has to have signed, or null to take the vault's word
     * @param kept a checkpoint of this vault from an earlier time, or null
     */
    public VaultVerifier(@Nullable NoteVerifier pinned, @Nullable SignedNote kept) {
        this(pinned, kept, List.of());
    }

    /**
     * Creates a verifier that judges time stamps as well.
     *
     * @param timeRoots the root certificates of the time stamp authorities that are trusted; without any, no time stamp is
     *     judged
     */
    public VaultVerifier(@Nullable NoteVerifier pinned, @Nullable SignedNote kept, List<X509Certificate> timeRoots) {
        this.pinned = pinned;
        this.kept = kept;
        this.timeRoots = List.copyOf(timeRoots);
    }

    /** Says whether a directory is a vault, or was one. */
    public static boolean looksLikeVault(Path directory) {
        Layout layout = new Layout(directory);
        return Files.exists(layout.settings())
                || Files.isDirectory(layout.tenants())
                || Files.isDirectory(layout.anchors());
    }

    /**
     * Verifies a vault without its keys.
     *
     * @throws NoSuchFileException if there is no vault
     */
    public VerificationReport verify(Path directory) throws IOException {
        return verify(new Layout(directory), null);
    }

    /** Verifies a vault with its keys. */
    public VerificationReport verify(UnlockedVault vault) throws IOException {
        return verify(vault.layout(), vault);
    }

    private VerificationReport verify(Layout layout, @Nullable UnlockedVault vault) throws IOException {
        if (!looksLikeVault(layout.root())) {
            throw new NoSuchFileException(layout.root().toString(), null, "there is no vault here");
        }
        Findings findings = new Findings();
        Settings settings = settings(layout, findings);
        if (settings != null && layout.isCopy()) {
            if (requireFiles(layout.root(), findings)) {
                new CopyCheck(layout, settings, vault, kept, timeRoots, findings).run();
            }
            return findings.report();
        }
        if (settings == null) {
            return findings.report();
        }
        if (!requireFiles(layout.root(), findings)) {
            return findings.report();
        }
        WriterState writer = WriterState.of(layout);
        // A hand-over to new keys, or to another secret, that was cut short left the signature of the settings to be
        // written anew.
        boolean unfinished = !settings.isHandedOver(layout) || Files.exists(layout.nextSettings());
        checkNames(
                layout.root(),
                name -> TOP.contains(name) || unfinished && name.equals("vault.sig" + Layout.TEMPORARY_SUFFIX),
                writer,
                layout,
                findings);
        checkRegisters(layout, settings, findings);
        AnchorChain anchors = new AnchorChain(layout, settings.keys(), vault, findings);
        anchors.read(writer, kept);
        new AttestationCheck(layout, settings.keys(), timeRoots, findings).run(writer);
        new CaseCheck(layout, vault, findings).run(writer);
        long leaves = 0;
        long items = 0;
        Map<LogId, Long> ends = new HashMap<>();
        int logs = 0;
        for (Map.Entry<LogId, LogDirectory> log :
                logs(layout, anchors, writer, findings).entrySet()) {
            LogVerifier verifier = new LogVerifier(layout, log.getKey(), log.getValue(), settings, vault, findings);
            verifier.run(writer);
            anchors.compare(log.getKey(), log.getValue(), verifier.heads());
            items += new DepositCheck(layout, log.getKey(), log.getValue(), vault, DepositProgress.NONE, findings)
                    .run(writer, verifier.deposits());
            leaves += verifier.leaves();
            ends.put(log.getKey(), verifier.leaves());
            logs++;
        }
        if (vault != null) {
            new ShredCheck(vault, findings).run();
        }
        JournalCheck journal = new JournalCheck(layout, vault, findings);
        if (anchors.hasUnanchored()) {
            anchors.judgeUnanchored(journal.ranges(), vault != null, writer);
        }
        anchors.conclude();
        journal.run(writer);
        if (writer != WriterState.WRITING) {
            journal.requireNothingMissing(ends);
        }
        findings.passedIfClean(Claim.FILES, "vault", "every file that is referred to is there, and no other");
        findings.passedIfClean(
                Claim.SEGMENTS, "vault", "the " + leaves + " leaves of " + logs + " logs are unchanged, without a gap");
        if (items > 0) {
            findings.passedIfClean(
                    Claim.BACKUPS,
                    "vault",
                    "the " + items + " backups that the logs tell of are there, and their packs are unchanged");
        }
        if (findings.clean(Claim.SEGMENTS)) {
            // Else what comes after a broken segment was not looked at.
            findings.passedIfClean(Claim.INDEX, "vault", "the search indexes are those that the seals name");
            if (vault != null) {
                findings.passedIfClean(
                        Claim.RECORDS, "vault", "all records decrypt and are those that the trees commit to");
            }
        }
        return findings.report();
    }

    private @Nullable Settings settings(Layout layout, Findings findings) throws IOException {
        try {
            Settings settings = Settings.read(layout);
            String key = settings.verifier().format();
            if (pinned != null && !settings.keys().knows(pinned)) {
                findings.failed(Claim.SETTINGS, "vault.json", "expected the key " + pinned.format() + ", found " + key);
                return null;
            }
            findings.passed(
                    Claim.SETTINGS,
                    "vault.json",
                    pinned != null && pinned.equals(settings.verifier())
                            ? "signed with the key that was asked for, " + key
                            : pinned != null
                                    ? "signed with the key " + key
                                            + ", which is vouched for with the key that was asked for, "
                                            + pinned.format()
                                    : "signed with the key " + key
                                            + "; that it is this vault's, compare with who runs it");
            return settings;
        } catch (NoSuchFileException e) {
            findings.failed(Claim.SETTINGS, "vault.json", "the file is missing");
        } catch (CorruptFileException e) {
            findings.failed(Claim.SETTINGS, layout.root(), e);
        }
        return null;
    }

    static void checkRegisters(Layout layout, Settings settings, Findings findings) throws IOException {
        try {
            PlaceRegister.read(layout, settings);
            RetentionRules.require(layout, settings);
        } catch (CorruptFileException e) {
            findings.failed(Claim.SETTINGS, layout.root(), e);
        }
    }

    /** Fails for links, devices and pipes, which would be followed or waited for; says whether there are none. */
    private static boolean requireFiles(Path directory, Findings findings) throws IOException {
        Path root = directory.toRealPath();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (!attributes.isRegularFile()) {
                    findings.failed(
                            Claim.FILES,
                            Findings.relative(root, file),
                            "a vault has files and directories, found a link, a pipe or a device");
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                // A writer removes journal files and renames what it has finished.
                if (e instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw e;
            }
        });
        return findings.clean(Claim.FILES);
    }

    /** Fails for every entry of a directory whose name is none of these, or of one that is not in place yet. */
    static void checkNames(Path directory, Set<String> names, WriterState writer, Layout layout, Findings findings)
            throws IOException {
        checkNames(directory, names::contains, writer, layout, findings);
    }

    /** As {@link #checkNames(Path, Set, WriterState, Layout, Findings)}, for names of numbers with a suffix. */
    static void checkNumbered(Path directory, String suffix, WriterState writer, Layout layout, Findings findings)
            throws IOException {
        checkNames(directory, name -> Layout.isNumbered(name, suffix), writer, layout, findings);
    }

    /** As {@link #checkNames(Path, Set, WriterState, Layout, Findings)}, for names of any form. */
    static void checkNames(
            Path directory, Predicate<String> belongs, WriterState writer, Layout layout, Findings findings)
            throws IOException {
        for (Path entry : Layout.list(directory)) {
            String name = String.valueOf(entry.getFileName());
            boolean unfinished = name.endsWith(Layout.TEMPORARY_SUFFIX) && writer != WriterState.CLOSED;
            if (!belongs.test(name) && !unfinished) {
                findings.failed(
                        Claim.FILES, Findings.relative(layout.root(), entry), "nothing of this name belongs here");
            }
        }
    }

    private static Map<LogId, LogDirectory> logs(
            Layout layout, AnchorChain anchors, WriterState writer, Findings findings) throws IOException {
        Map<LogId, LogDirectory> logs = new LinkedHashMap<>();
        try {
            logs.put(serviceLogId(layout, anchors), layout.service());
        } catch (CorruptFileException e) {
            findings.failed(Claim.FILES, layout.root(), e);
        }
        for (Path directory : Layout.list(layout.tenants())) {
            String name = String.valueOf(directory.getFileName());
            if (name.endsWith(Layout.TEMPORARY_SUFFIX) && writer != WriterState.CLOSED) {
                continue;
            }
            try {
                LogId logId = LogId.parse(name);
                if (logs.putIfAbsent(logId, layout.log(directory)) != null) {
                    throw new IllegalArgumentException("log " + logId + " is there twice");
                }
            } catch (IllegalArgumentException e) {
                findings.failed(Claim.FILES, Findings.relative(layout.root(), directory), e);
            }
        }
        return logs;
    }

    /** The id of the service's log, whose directory does not carry it: what the anchors know is believed. */
    private static LogId serviceLogId(Layout layout, AnchorChain anchors) throws IOException {
        LogId named = LogKeys.read(layout.service()).logId();
        Path first = layout.service().segment(1);
        if (anchors.know(named) || !Files.exists(first)) {
            return named;
        }
        try (SegmentFile file = new SegmentFile(first)) {
            return anchors.know(file.logId()) ? file.logId() : named;
        }
    }
}
