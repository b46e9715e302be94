package dev.evidencevault.verify;

import dev.evidencevault.anchor.AnchorProof;
import dev.evidencevault.bundle.AnchorFile;
import dev.evidencevault.bundle.BagManifest;
import dev.evidencevault.bundle.BundleFiles;
import dev.evidencevault.bundle.BundleLayout;
import dev.evidencevault.bundle.Completeness;
import dev.evidencevault.bundle.ExportStatement;
import dev.evidencevault.bundle.MalformedBundleException;
import dev.evidencevault.bundle.Scope;
import dev.evidencevault.cases.ApprovalFile;
import dev.evidencevault.cases.CaseId;
import dev.evidencevault.cases.Order;
import dev.evidencevault.cases.OrderRefusedException;
import dev.evidencevault.crypto.cms.SignatureTrust;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.note.Checkpoint;
import dev.evidencevault.crypto.note.CheckpointKeys;
import dev.evidencevault.crypto.note.CosignatureVerdict;
import dev.evidencevault.crypto.note.CosignatureVerifier;
import dev.evidencevault.crypto.note.NoteVerifier;
import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.KeyHistory;
import dev.evidencevault.format.Succession;
import dev.evidencevault.format.Timestamps;
import dev.evidencevault.redaction.Redaction;
import dev.evidencevault.redaction.RedactionCheck;
import dev.evidencevault.storage.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Verifies an evidence bundle, offline, from the bundle alone. Immutable and safe for use by several threads.
 *
 * <p>What it cannot know by itself is whose key signed: give it the vault's public key, obtained in another way than with
 * the bundle, or compare the key that the report names.
 */
public final class BundleVerifier {
    private static final int SMALL_FILE_BYTES_MAX = 2 << 20;

    /** The vault's own lines and those of witnesses. */
    private static final int LINES_MAX = 20;

    private final @Nullable TrustedKey trusted;
    private final List<CosignatureVerifier> witnesses;
    private final List<X509Certificate> timeRoots;
    private final List<X509Certificate> signerRoots;

    /**
     * Creates a verifier.
     *
     * @param pinned the key that has to have signed, or null to take the bundle's word
     * @param witnesses the witnesses that have to have cosigned; lines of others are passed over
     */
    public BundleVerifier(@Nullable NoteVerifier pinned, List<CosignatureVerifier> witnesses) {
        this(pinned, witnesses, List.of());
    }

    /**
     * Creates a verifier that judges time stamps as well.
     *
     * @param timeRoots the root certificates of the time stamp authorities that are trusted; without any, no time stamp is
     *     judged
     */
    public BundleVerifier(
            @Nullable NoteVerifier pinned, List<CosignatureVerifier> witnesses, List<X509Certificate> timeRoots) {
        this(pinned, witnesses, timeRoots, List.of());
    }

    /**
     * Creates a verifier that judges the signatures of people as well.
     *
     * @param signerRoots the root certificates under which people sign that are trusted; without any, it is not judged whose
     *     signatures there are
     */
    public BundleVerifier(
            @Nullable NoteVerifier pinned,
            List<CosignatureVerifier> witnesses,
            List<X509Certificate> timeRoots,
            List<X509Certificate> signerRoots) {
        this(pinned, witnesses, timeRoots, signerRoots, List.of());
    }

    /**
     * Creates a verifier that knows of the vault's successions of keys as well.
     *
     * @param signerRoots the root certificates under which people sign that are trusted; without any, it is not judged whose
     *     signatures there are
     * @param successions the vault's successions of keys, from the first on; empty to take those that the bundle shows
     */
    public BundleVerifier(
            @Nullable NoteVerifier pinned,
            List<CosignatureVerifier> witnesses,
            List<X509Certificate> timeRoots,
            List<X509Certificate> signerRoots,
            List<Succession> successions) {
        this.trusted = pinned == null ? null : new TrustedKey(pinned, successions);
        this.witnesses = List.copyOf(witnesses);
        this.timeRoots = List.copyOf(timeRoots);
        this.signerRoots = List.copyOf(signerRoots);
    }

    /** Creates a verifier; {@code pinned} is the key that has to have signed, or null to take the bundle's word. */
    public BundleVerifier(@Nullable NoteVerifier pinned) {
        this(pinned, List.of());
    }

    /** Verifies a bundle: a ZIP file, or the directory into which one was unpacked. */
    public VerificationReport verify(Path bundle) throws IOException {
        Findings findings = new Findings();
        try (BundleFiles files = BundleFiles.open(bundle)) {
            new SignerCheck(new SignatureTrust(signerRoots, timeRoots, Instant.now()), findings).check(files);
            if (hasAllFiles(files, findings)) {
                SortedMap<String, Digest> digests = digests(files);
                checkManifest(files, digests, BundleLayout.MANIFEST, payload(files), findings);
                checkManifest(files, digests, BundleLayout.TAG_MANIFEST, tags(files), findings);
                findings.passedIfClean(
                        Claim.MANIFEST,
                        BundleLayout.TAG_MANIFEST,
                        "all files have the digests that the manifests list");
                checkContent(files, digests.getOrDefault(BundleLayout.TAG_MANIFEST, Digest.sha256()), findings);
            }
        } catch (MalformedBundleException e) {
            findings.failed(Claim.FILES, e);
        }
        return findings.report();
    }

    private static List<String> payload(BundleFiles files) {
        return BundleLayout.payload(name -> files.sizes().containsKey(name));
    }

    private static List<String> tags(BundleFiles files) {
        return BundleLayout.tags(name -> files.sizes().containsKey(name));
    }

    private static boolean hasAllFiles(BundleFiles files, Findings findings) throws IOException {
        TreeSet<String> expected = new TreeSet<>(payload(files));
        expected.addAll(tags(files));
        expected.add(BundleLayout.TAG_MANIFEST);
        expected.add(BundleLayout.SIGNATURE);
        for (String name : expected) {
            if (!files.sizes().containsKey(name)) {
                findings.failed(Claim.FILES, name, "the file is missing");
            }
        }
        for (String name : files.sizes().keySet()) {
            if (!expected.contains(name) && !name.equals(BundleLayout.POST_QUANTUM_SIGNATURE)) {
                findings.failed(Claim.FILES, name, "a bundle has no such file");
            }
        }
        boolean all = findings.clean(Claim.FILES);
        if (all
                && !Arrays.equals(
                        read(files, BundleLayout.BAGIT), BundleLayout.BAGIT_TEXT.getBytes(StandardCharsets.UTF_8))) {
            findings.failed(Claim.FILES, BundleLayout.BAGIT, "expected the declaration of BagIt 1.0 in UTF-8");
        }
        for (String name : files.sizes().keySet()) {
            if (!files.hasItsChecksum(name)) {
                findings.failed(Claim.FILES, name, "the file was changed: it does not have its checksum (CRC-32)");
            }
        }
        findings.passedIfClean(Claim.FILES, "bundle", "it is a bag of the files that a bundle has, and no other");
        return all;
    }

    private static SortedMap<String, Digest> digests(BundleFiles files) throws IOException {
        SortedMap<String, Digest> digests = new TreeMap<>();
        for (String name : files.sizes().keySet()) {
            try (InputStream in = files.open(name)) {
                digests.put(name, Digest.sha256(in));
            }
        }
        return digests;
    }

    private static void checkManifest(
            BundleFiles files, SortedMap<String, Digest> found, String name, List<String> listed, Findings findings)
            throws IOException {
        BagManifest manifest;
        try {
            manifest = BagManifest.parse(files.read(name, SMALL_FILE_BYTES_MAX));
        } catch (IllegalArgumentException e) {
            findings.failed(Claim.MANIFEST, name, e);
            return;
        }
        if (!List.copyOf(manifest.digests().keySet()).equals(listed)) {
            findings.failed(Claim.MANIFEST, name, "expected the files " + listed);
            return;
        }
        manifest.digests().forEach((file, digest) -> {
            if (!digest.equals(found.get(file))) {
                findings.failed(
                        Claim.MANIFEST,
                        file,
                        "the file was changed: " + name + " lists SHA-256 " + digest + ", found " + found.get(file));
            }
        });
    }

    private void checkContent(BundleFiles files, Digest tagManifest, Findings findings) throws IOException {
        Scope scope;
        try {
            scope = Scope.parse(read(files, BundleLayout.SCOPE));
        } catch (IllegalArgumentException e) {
            findings.failed(Claim.FILES, BundleLayout.SCOPE, e);
            return;
        }
        checkPostQuantumSignature(files, tagManifest, scope.keys().current(), findings);
        KeyHistory keys = keys(scope, findings);
        checkSignature(files, tagManifest, scope, findings);
        Order order = order(files, scope, findings);
        Anchored anchored = checkAnchor(files, scope, keys, findings);
        if (order == null || anchored == null) {
            return;
        }
        Optional<Redaction> redaction = redaction(files, findings);
        RedactionCheck withheld = redaction.map(RedactionCheck::new).orElse(null);
        LogWalk walk = new LogWalk(files, scope, order, anchored.head(), withheld, findings);
        try {
            walk.run();
        } catch (MalformedBundleException e) {
            findings.failed(Claim.SEGMENTS, e);
        } catch (TooManyNamesException e) {
            findings.indeterminate(Claim.SEGMENTS, BundleLayout.LEAVES, String.valueOf(e.getMessage()));
            return;
        }
        concludeRedaction(withheld, findings);
        checkStatement(files, scope, keys, order, redaction, walk.records(), findings);
        if (scope.completeness() == Completeness.RANGE) {
            checkEndOfRange(order, walk.sealedAt(), anchored.time(), findings);
        } else {
            checkEnd(order, anchored.time(), findings);
        }
        walk.conclude();
    }

    /** Returns what may be withheld; empty if nothing may be. */
    private static Optional<Redaction> redaction(BundleFiles files, Findings findings) throws IOException {
        if (!files.sizes().containsKey(BundleLayout.REDACTION)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Redaction.parse(files.read(BundleLayout.REDACTION, Redaction.BYTES_MAX)));
        } catch (IllegalArgumentException e) {
            findings.failed(Claim.REDACTION, BundleLayout.REDACTION, e);
            return Optional.empty();
        }
    }

    private static void concludeRedaction(@Nullable RedactionCheck withheld, Findings findings) {
        if (withheld == null || !findings.clean(Claim.REDACTION)) {
            return;
        }
        if (findings.clean(Claim.SEGMENTS) && findings.clean(Claim.RECORDS)) {
            findings.passed(Claim.REDACTION, BundleLayout.REDACTION, withheld.summary());
        } else {
            findings.indeterminate(
                    Claim.REDACTION,
                    BundleLayout.REDACTION,
                    "not judged, since something of the records does not hold");
        }
    }

    /** The head of the log that an anchor covers, and when the anchor was made. */
    private record Anchored(Checkpoint head, long time) {}

    /** What came between the anchor and the end of the order's time is not covered. */
    private static void checkEnd(Order order, long anchored, Findings findings) {
        Long end = order.to();
        if (end != null && end > anchored) {
            findings.indeterminate(
                    Claim.COMPLETENESS,
                    BundleLayout.ANCHOR,
                    "the order asks for what happened before " + Timestamps.format(end) + ", and the anchor is of "
                            + Timestamps.format(anchored) + "; an export with an anchor after that end has all of it");
        }
    }

    /** What was recorded after the last seal is not covered, whatever the anchor's time: it was not sealed yet. */
    private static void checkEndOfRange(Order order, long sealedAt, long anchored, Findings findings) {
        Long end = order.to();
        if (end != null && end > sealedAt) {
            findings.indeterminate(
                    Claim.COMPLETENESS,
                    BundleLayout.SEGMENTS,
                    "the order asks for what was recorded before " + Timestamps.format(end)
                            + ", and no seal is as late; an export after the log's next seal has all of it");
        }
        if (sealedAt > anchored) {
            findings.indeterminate(
                    Claim.COMPLETENESS,
                    BundleLayout.ANCHOR,
                    "the last seal is of " + Timestamps.format(sealedAt) + ", later than the anchor of "
                            + Timestamps.format(anchored)
                            + ": the vault's clock was ahead, and its times prove little");
        }
    }

    private static byte[] read(BundleFiles files, String name) throws IOException {
        return files.read(name, SMALL_FILE_BYTES_MAX);
    }

    /** There is such a signature if and only if the scope has a key for it. */
    private static void checkPostQuantumSignature(
            BundleFiles files, Digest tagManifest, CheckpointKeys keys, Findings findings) throws IOException {
        String name = BundleLayout.POST_QUANTUM_SIGNATURE;
        boolean isThere = files.sizes().containsKey(name);
        if (keys.postQuantum() == null) {
            if (isThere) {
                findings.failed(Claim.FILES, name, "a bundle whose scope has no ML-DSA-44 key has no such file");
            }
            return;
        }
        if (!isThere) {
            findings.failed(
                    Claim.SIGNATURE,
                    name,
                    "the ML-DSA-44 signature was removed: the scope has the key, so the bundle was signed with it");
            return;
        }
        try {
            SignedNote note = SignedNote.parse(read(files, name));
            if (!note.text().equals(BundleLayout.signedText(tagManifest)) || !keys.verifiesText(note)) {
                findings.failed(
                        Claim.SIGNATURE,
                        name,
                        "this is not the signature of the ML-DSA-44 key of "
                                + keys.verifier().name() + " over " + BundleLayout.TAG_MANIFEST);
            }
        } catch (IllegalArgumentException e) {
            findings.failed(Claim.SIGNATURE, name, e);
        }
    }

    /** Returns the keys by which the bundle is judged. */
    private KeyHistory keys(Scope scope, Findings findings) {
        if (trusted == null) {
            return scope.keys();
        }
        Optional<KeyHistory> known = trusted.history(scope.keys());
        if (known.isEmpty()) {
            findings.failed(
                    Claim.SIGNATURE,
                    BundleLayout.SCOPE,
                    "expected the key " + trusted.key().format() + ", found "
                            + scope.verifier().format());
        }
        return known.orElse(scope.keys());
    }

    private void checkSignature(BundleFiles files, Digest tagManifest, Scope scope, Findings findings)
            throws IOException {
        NoteVerifier verifier = scope.verifier();
        CheckpointKeys keys = scope.keys().current();
        try {
            SignedNote note = SignedNote.parse(read(files, BundleLayout.SIGNATURE));
            if (note.signatures().size() != 1
                    || !note.text().equals(signedText(files, tagManifest, keys))
                    || !verifier.verifies(note)) {
                findings.failed(
                        Claim.SIGNATURE,
                        BundleLayout.SIGNATURE,
                        "this is not the signature of " + verifier.name() + " over " + BundleLayout.TAG_MANIFEST
                                + (keys.postQuantum() == null ? "" : " and " + BundleLayout.POST_QUANTUM_SIGNATURE));
            }
        } catch (IllegalArgumentException e) {
            findings.failed(Claim.SIGNATURE, BundleLayout.SIGNATURE, e);
        }
        findings.passedIfClean(
                Claim.SIGNATURE,
                BundleLayout.SIGNATURE,
                "signed with the key " + verifier.format()
                        + (trusted == null
                                ? "; that this key is the vault's, compare with who runs the vault"
                                : trusted.told(verifier))
                        + (keys.postQuantum() == null ? "" : "; and with the vault's ML-DSA-44 key"));
    }

    /** Returns the text that the first signature has to be over. */
    private static String signedText(BundleFiles files, Digest tagManifest, CheckpointKeys keys) throws IOException {
        String second = BundleLayout.POST_QUANTUM_SIGNATURE;
        return keys.postQuantum() != null && files.sizes().containsKey(second)
                ? BundleLayout.signedText(tagManifest, Digest.sha256(read(files, second)))
                : BundleLayout.signedText(tagManifest);
    }

    private static @Nullable Order order(BundleFiles files, Scope scope, Findings findings) throws IOException {
        try {
            Order order = Order.parse(files.read(BundleLayout.ORDER, Order.BYTES_MAX));
            if (!scope.actors().keySet().equals(new TreeSet<>(order.actors()))
                    || !scope.services().keySet().equals(new TreeSet<>(order.services()))) {
                findings.failed(
                        Claim.ORDER, BundleLayout.SCOPE, "the scope names other actors or services than the order");
            }
            if (!scope.completeness().answers(order)) {
                findings.failed(
                        Claim.COMPLETENESS,
                        BundleLayout.SCOPE,
                        "an order like this is not answered with \""
                                + scope.completeness().label() + "\"");
            }
            return order;
        } catch (OrderRefusedException e) {
            findings.failed(Claim.ORDER, BundleLayout.ORDER, String.valueOf(e.getMessage()));
            return null;
        }
    }

    private @Nullable Anchored checkAnchor(BundleFiles files, Scope scope, KeyHistory keys, Findings findings)
            throws IOException {
        try {
            byte[] text = read(files, BundleLayout.CHECKPOINT);
            Checkpoint head = Checkpoint.parse(new String(text, StandardCharsets.UTF_8));
            if (!Arrays.equals(head.format().getBytes(StandardCharsets.UTF_8), text)
                    || !head.origin().equals(scope.logId().origin())) {
                throw new IllegalArgumentException(
                        "expected the checkpoint of " + scope.logId().origin());
            }
            SignedNote note = SignedNote.parse(read(files, BundleLayout.NODE_CHECKPOINT));
            AnchorProof proof = AnchorFile.parse(read(files, BundleLayout.ANCHOR), note);
            if (note.signatures().size() > LINES_MAX) {
                throw new IllegalArgumentException("a checkpoint has at most " + LINES_MAX + " signature lines, found "
                        + note.signatures().size());
            }
            CheckpointKeys signing = keys.at(Checkpoint.parse(note.text()).size());
            if (!proof.check(head, keys)) {
                throw new IllegalArgumentException(
                        "the proof does not lead from the log's checkpoint to one signed with "
                                + signing.verifier().format()
                                + (signing.postQuantum() == null ? "" : " and the vault's ML-DSA-44 key"));
            }
            findings.passed(
                    Claim.ANCHORS,
                    BundleLayout.ANCHOR,
                    "the log's checkpoint of size " + head.size() + " is in anchor "
                            + proof.head().index() + " of "
                            + Timestamps.format(proof.head().time()) + ", under a signed checkpoint"
                            + (signing.postQuantum() == null
                                    ? ""
                                    : " (" + signing.verifier().algorithm() + " and ML-DSA-44)"));
            checkWitnesses(note, findings);
            new TimeStampCheck(timeRoots, findings)
                    .bundle(files, signing, note, proof.head().time());
            return new Anchored(head, proof.head().time());
        } catch (IllegalArgumentException e) {
            findings.failed(Claim.ANCHORS, BundleLayout.ANCHOR, e);
            return null;
        }
    }

    private void checkWitnesses(SignedNote note, Findings findings) {
        Checkpoint node = Checkpoint.parse(note.text());
        for (CosignatureVerifier witness : witnesses) {
            List<SignedNote.Signature> lines =
                    note.signatures().stream().filter(witness::isNamedBy).toList();
            if (lines.isEmpty()) {
                findings.indeterminate(
                        Claim.ANCHORS,
                        BundleLayout.NODE_CHECKPOINT,
                        "the witness " + witness.name() + " has not cosigned the checkpoint");
            }
            for (SignedNote.Signature line : lines) {
                switch (witness.verify(node, line)) {
                    case CosignatureVerdict.Good good ->
                        findings.passed(
                                Claim.ANCHORS,
                                BundleLayout.NODE_CHECKPOINT,
                                "the witness " + witness.name() + " had seen no later checkpoint of this vault at "
                                        + Instant.ofEpochSecond(good.timeSeconds()) + ", and no other history");
                    case CosignatureVerdict.Bad bad ->
                        findings.failed(Claim.ANCHORS, BundleLayout.NODE_CHECKPOINT, bad.reason());
                }
            }
        }
    }

    /** There is an approval if and only if the statement names a case. */
    private static void checkApproval(
            BundleFiles files,
            KeyHistory keys,
            Order order,
            Optional<Redaction> redaction,
            ExportStatement statement,
            Findings findings)
            throws IOException {
        String name = BundleLayout.APPROVAL;
        CaseId id = statement.caseId();
        boolean isThere = files.sizes().containsKey(name);
        if (id == null && redaction.isPresent()) {
            findings.failed(Claim.ORDER, BundleLayout.REDACTION, "a redaction, and the statement names no case");
        }
        if (id == null || !isThere) {
            if (isThere) {
                findings.failed(Claim.ORDER, name, "an approval, and the statement names no case");
            } else if (id != null) {
                findings.failed(Claim.ORDER, name, "the approval was removed: the statement names case " + id);
            }
            return;
        }
        try {
            ApprovalFile.parse(files.read(name, ApprovalFile.BYTES_MAX))
                    .refusal(statement.vaultId(), keys, id, order, redaction, statement.exportedAt())
                    .ifPresent(reason -> findings.failed(Claim.ORDER, name, reason));
        } catch (IllegalArgumentException e) {
            findings.failed(Claim.ORDER, name, e);
        }
    }

    private static void checkStatement(
            BundleFiles files,
            Scope scope,
            KeyHistory keys,
            Order order,
            Optional<Redaction> redaction,
            long records,
            Findings findings)
            throws IOException {
        try {
            ExportStatement statement = ExportStatement.parse(read(files, BundleLayout.EXPORT));
            if (!Settings.keyName(statement.vaultId()).equals(scope.verifier().name())
                    || !statement.logId().equals(scope.logId())
                    || !statement.tenant().equals(order.tenant())
                    || statement.records() != records) {
                throw new IllegalArgumentException("the statement is not of this vault, this log, this tenant and "
                        + records + " records: it says " + statement.records() + " records of " + statement.tenant());
            }
            order.requireInForce(statement.exportedAt());
            checkApproval(files, keys, order, redaction, statement, findings);
            if (statement.notYetAnchored() > 0) {
                findings.indeterminate(
                        Claim.COMPLETENESS,
                        BundleLayout.EXPORT,
                        statement.notYetAnchored() + " records that the order asks for were not anchored yet when the"
                                + " bundle was made; a later export has them");
            }
        } catch (IllegalArgumentException e) {
            findings.failed(Claim.ORDER, BundleLayout.EXPORT, Json.firstLine(e));
        } catch (OrderRefusedException e) {
            findings.failed(Claim.ORDER, BundleLayout.EXPORT, "exported too late: " + e.getMessage());
        }
        findings.passedIfClean(
                Claim.ORDER,
                BundleLayout.ORDER,
                "order " + order.order() + " of " + order.issuer() + " for tenant " + order.tenant()
                        + (files.sizes().containsKey(BundleLayout.APPROVAL)
                                ? ", approved by " + order.approvedBy()
                                        + " with a signature under a key that the vault registered"
                                : ", approved by another person than requested it, as the order says"));
    }
}
