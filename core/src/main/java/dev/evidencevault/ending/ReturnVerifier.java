package dev.evidencevault.ending;

import dev.evidencevault.bundle.BagManifest;
import dev.evidencevault.bundle.BundleFiles;
import dev.evidencevault.bundle.BundleLayout;
import dev.evidencevault.bundle.MalformedBundleException;
import dev.evidencevault.bundle.Scope;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.note.NoteVerifier;
import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.format.Json;
import dev.evidencevault.verify.BundleVerifier;
import dev.evidencevault.verify.Claim;
import dev.evidencevault.verify.Finding;
import dev.evidencevault.verify.Verdict;
import dev.evidencevault.verify.VerificationReport;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Verifies what a tenant got back: every file against the signed list, and every bundle. Immutable and safe for use by
 * several threads.
 */
public final class ReturnVerifier {
    private static final int SMALL_FILE_BYTES_MAX = 2 << 20;

    /** Some ten million files. */
    private static final int MANIFEST_BYTES_MAX = 1 << 30;

    private final BundleVerifier bundles;

    /**
     * Creates a verifier.
     *
     * @param bundles verifies the bundles, and knows which key has to have signed them: it has to have signed the list too
     */
    public ReturnVerifier(BundleVerifier bundles) {
        this.bundles = bundles;
    }

    /** Says whether a directory looks like one that was returned. */
    public static boolean looksLikeReturn(Path directory) {
        return Files.isRegularFile(directory.resolve(ReturnManifest.SIGNATURE))
                && Files.isDirectory(directory.resolve(ReturnManifest.EVIDENCE));
    }

    /** Verifies a directory. */
    public VerificationReport verify(Path directory) throws IOException {
        List<Finding> findings = new ArrayList<>();
        checkFiles(directory, findings);
        List<Path> evidence;
        try (Stream<Path> files = Files.list(directory.resolve(ReturnManifest.EVIDENCE))) {
            evidence = files.sorted().toList();
        }
        checkSignature(directory, evidence, findings);
        for (Path bundle : evidence) {
            String where = ReturnManifest.EVIDENCE + "/" + bundle.getFileName();
            for (Finding finding : bundles.verify(bundle).findings()) {
                findings.add(new Finding(
                        finding.verdict(), finding.claim(), where + ": " + finding.where(), finding.reason()));
            }
        }
        return new VerificationReport(findings);
    }

    private static void checkFiles(Path directory, List<Finding> findings) throws IOException {
        SortedMap<String, Digest> listed;
        try {
            listed = BagManifest.parse(read(directory.resolve(ReturnManifest.FILE), MANIFEST_BYTES_MAX))
                    .digests();
        } catch (IllegalArgumentException e) {
            findings.add(new Finding(Verdict.FAILED, Claim.MANIFEST, ReturnManifest.FILE, Json.firstLine(e)));
            return;
        }
        Map<String, Digest> found = new TreeMap<>(ReturnManifest.of(directory).digests());
        TreeSet<String> names = new TreeSet<>(listed.keySet());
        names.addAll(found.keySet());
        boolean clean = checkLinks(directory, findings);
        for (String name : names) {
            Digest expected = listed.get(name);
            Digest actual = found.get(name);
            if (expected == null || !expected.equals(actual)) {
                clean = false;
                String reason = expected == null
                        ? "the file was added: the list has none of this name"
                        : actual == null
                                ? "the file is missing"
                                : "the file was changed: the list has SHA-256 " + expected + ", found " + actual;
                findings.add(new Finding(Verdict.FAILED, Claim.MANIFEST, name, reason));
            }
        }
        if (clean) {
            findings.add(new Finding(
                    Verdict.PASSED,
                    Claim.MANIFEST,
                    ReturnManifest.FILE,
                    "all " + listed.size() + " files have the digests that the list has, and there is no other"));
        }
    }

    private static boolean checkLinks(Path directory, List<Finding> findings) throws IOException {
        Path file = directory.resolve(ReturnManifest.LINKS);
        byte[] said = Files.exists(file) ? read(file, MANIFEST_BYTES_MAX) : new byte[0];
        List<String> others = ReturnManifest.others(directory);
        if (Arrays.equals(said, ReturnManifest.links(directory)) && others.isEmpty()) {
            return true;
        }
        findings.add(new Finding(
                Verdict.FAILED,
                Claim.FILES,
                ReturnManifest.LINKS,
                others.isEmpty()
                        ? "the symbolic links are not those that the file lists"
                        : "expected files, directories and links, found another kind: " + others.get(0)));
        return false;
    }

    private static void checkSignature(Path directory, List<Path> evidence, List<Finding> findings) throws IOException {
        try {
            NoteVerifier key = keyOf(evidence);
            byte[] manifest = read(directory.resolve(ReturnManifest.FILE), MANIFEST_BYTES_MAX);
            SignedNote note = SignedNote.parse(read(directory.resolve(ReturnManifest.SIGNATURE), SMALL_FILE_BYTES_MAX));
            if (ReturnManifest.isOf(note.text(), manifest) && key.verifies(note)) {
                findings.add(new Finding(
                        Verdict.PASSED,
                        Claim.SIGNATURE,
                        ReturnManifest.SIGNATURE,
                        "the list of files was signed with the key of " + key.name()));
                return;
            }
            findings.add(new Finding(
                    Verdict.FAILED,
                    Claim.SIGNATURE,
                    ReturnManifest.SIGNATURE,
                    "this is not the signature of " + key.name() + " over " + ReturnManifest.FILE));
        } catch (IllegalArgumentException e) {
            findings.add(new Finding(Verdict.FAILED, Claim.SIGNATURE, ReturnManifest.SIGNATURE, Json.firstLine(e)));
        } catch (MalformedBundleException e) {
            findings.add(new Finding(Verdict.FAILED, Claim.SIGNATURE, e.where(), e.problem()));
        }
    }

    /** The key with which the first bundle was signed; whether it is one that is trusted, the bundle's verification says. */
    private static NoteVerifier keyOf(List<Path> evidence) throws IOException {
        if (evidence.isEmpty()) {
            throw new IllegalArgumentException("there is no bundle");
        }
        try (BundleFiles files = BundleFiles.open(evidence.get(0))) {
            return Scope.parse(files.read(BundleLayout.SCOPE, SMALL_FILE_BYTES_MAX))
                    .verifier();
        }
    }

    private static byte[] read(Path file, int bytesMax) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new IllegalArgumentException("the file is missing");
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(bytesMax + 1);
            if (bytes.length > bytesMax) {
                throw new IllegalArgumentException("the file has more than " + bytesMax + " bytes");
            }
            return bytes;
        }
    }
}
