package dev.evidencevault.fuzz;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.SmallVault;
import dev.evidencevault.attest.Attestations;
import dev.evidencevault.bundle.BundleFiles;
import dev.evidencevault.bundle.BundleLayout;
import dev.evidencevault.bundle.Scope;
import dev.evidencevault.cases.Order;
import dev.evidencevault.crypto.note.CheckpointSigner;
import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.docs.FormatVectors;
import dev.evidencevault.evidence.SecondVerifier;
import dev.evidencevault.format.KeyHistory;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.reader.VaultReader;
import dev.evidencevault.verify.BundleVerifier;
import dev.evidencevault.verify.Finding;
import dev.evidencevault.verify.Verdict;
import dev.evidencevault.verify.VerificationReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Bundles of all kinds, changed at random by who holds no key, who signs them anew, and who makes another log out of them.
 * There is a verdict for each, without an exception, in memory that is bounded by the size of the bundle; what is passed
 * is what was exported, or answers its order in full; and the second verifier says the same.
 */
@Timeout(3600)
class BundleFuzzTest {
    private static final int ZIPS = 500;
    private static final int UNSIGNED = 250;
    private static final int SIGNED = 350;
    private static final int RELINKED = 450;

    /** What a verification may allocate: so much, and so many bytes for each byte of the bundle. */
    private static final long BYTES_MAX = 24 << 20;

    private static final long BYTES_PER_BYTE = 300;
    private static final int REASON_CHARS_MAX = 4_000;

    /** Files whose content is for people, or whose change the signature or the order accounts for. */
    private static final Set<String> FREE = Set.of(
            BundleLayout.BAG_INFO,
            BundleLayout.README,
            BundleLayout.ORDER,
            BundleLayout.EXPORT,
            BundleLayout.RECORDS,
            BundleLayout.ORIGINALS,
            BundleLayout.MANIFEST,
            BundleLayout.TAG_MANIFEST,
            BundleLayout.SIGNATURE,
            BundleLayout.POST_QUANTUM_SIGNATURE,
            BundleLayout.NODE_CHECKPOINT,
            BundleLayout.timeStamps().get(0),
            BundleLayout.timeStamps().get(1));

    @TempDir
    private static Path directory;

    private static final List<Exported> BUNDLES = new ArrayList<>();
    private static final List<LogRecord> RECORDS = new ArrayList<>();
    private static CheckpointSigner signer;

    /** A bundle as it was exported, and the roots of the time stamps in it. */
    private record Exported(SortedMap<String, byte[]> files, List<X509Certificate> roots) {
        SortedMap<String, byte[]> copy() {
            return new TreeMap<>(files);
        }

        byte[] zip() {
            return new ZipText(files).bytes();
        }
    }

    @BeforeAll
    static void read() throws Exception {
        VaultReader reader = SmallVault.open(FormatVectors.path("small-vault"));
        signer = reader.unlocked().checkpointSigner();
        reader.tenant("acme").orElseThrow().events(RECORDS::add);
        for (String name : List.of("small-bundle.zip", "small-bundle-headers.zip", "small-bundle-range.zip")) {
            BUNDLES.add(new Exported(files(FormatVectors.path(name)), List.of()));
        }
        BUNDLES.add(stamped(BUNDLES.get(0).copy()));
        for (Exported bundle : BUNDLES) {
            assertEquals(Verdict.PASSED, verify(bundle.zip(), bundle.roots()).verdict());
        }
    }

    private static SortedMap<String, byte[]> files(Path bundle) throws IOException {
        SortedMap<String, byte[]> files = new TreeMap<>();
        try (BundleFiles open = BundleFiles.open(bundle)) {
            for (String name : open.sizes().keySet()) {
                files.put(name, open.read(name, 1 << 22));
            }
        }
        return files;
    }

    private static Exported stamped(SortedMap<String, byte[]> files) {
        TimeStamps authority = TimeStamps.of(7);
        SignedNote note = SignedNote.parse(content(files, BundleLayout.NODE_CHECKPOINT));
        files.put(BundleLayout.timeStamps().get(0), authority.stamp(Attestations.imprint(note)));
        BundleMutation.sign(files, signer);
        return new Exported(files, List.of(authority.root()));
    }

    private static Exported one(Random random) {
        return BUNDLES.get(random.nextInt(BUNDLES.size()));
    }

    private static VerificationReport verify(byte[] zip, List<X509Certificate> roots) throws Exception {
        Path path = directory.resolve("bundle.zip");
        Files.write(path, zip);
        return verify(path, zip.length, roots);
    }

    private static VerificationReport verify(Path path, long bytes, List<X509Certificate> roots) throws Exception {
        BundleVerifier verifier = new BundleVerifier(null, List.of(), roots);
        VerificationReport report = Fuzz.within(BYTES_MAX + BYTES_PER_BYTE * bytes, () -> verifier.verify(path));
        for (Finding finding : report.findings()) {
            assertFalse(finding.where().isEmpty(), report::toString);
            assertTrue(
                    finding.reason().length() <= REASON_CHARS_MAX
                            && finding.where().length() <= REASON_CHARS_MAX,
                    () -> "a finding has " + finding.reason().length() + " characters");
        }
        return report;
    }

    /** One of so many bundles is shown to the second verifier as well. */
    private static void compare(int number, int oneOf, List<X509Certificate> roots, VerificationReport report)
            throws IOException {
        if (number % oneOf == 0 && roots.isEmpty()) {
            SecondVerifier.requireAgreement(directory.resolve("bundle.zip"), report);
        }
    }

    private static void requireUnchanged(byte[] zip, Exported exported, VerificationReport report) {
        if (report.verdict() == Verdict.PASSED) {
            assertArrayEquals(exported.zip(), zip, "another bundle passed");
        }
    }

    @Test
    void aZipFileInAnyOtherSpellingIsFound() {
        Fuzz.run("bundle.zip", ZIPS, (random, number) -> {
            Exported exported = one(random);
            byte[] zip = exported.zip();
            if (random.nextInt(3) == 0) {
                zip = ByteMutation.mutate(random, zip, one(random).zip());
            } else {
                ZipText parts = new ZipText(exported.copy());
                for (int i = random.nextInt(3); i >= 0; i--) {
                    parts.mutate(random);
                }
                zip = parts.bytes();
            }
            VerificationReport report = verify(zip, exported.roots());
            requireUnchanged(zip, exported, report);
            compare(number, 50, exported.roots(), report);
        });
    }

    @Test
    void whatIsChangedWithoutAKeyIsFound() {
        Fuzz.run("bundle.unsigned", UNSIGNED, (random, number) -> {
            Exported exported = one(random);
            SortedMap<String, byte[]> files = mutated(random, exported);
            byte[] zip = new ZipText(files).bytes();
            VerificationReport report = verify(zip, exported.roots());
            requireUnchanged(zip, exported, report);
            compare(number, 50, exported.roots(), report);
        });
    }

    private static SortedMap<String, byte[]> mutated(Random random, Exported exported) {
        SortedMap<String, byte[]> files = exported.copy();
        for (int i = random.nextInt(5) == 0 ? 2 : 0; i >= 0; i--) {
            BundleMutation.mutate(random, files, one(random).copy());
        }
        return files;
    }

    @Test
    void whatIsSignedAnewIsFoundOrAnswersItsOrder() {
        Fuzz.run("bundle.signed", SIGNED, (random, number) -> {
            Exported exported = one(random);
            SortedMap<String, byte[]> files = mutated(random, exported);
            BundleMutation.sign(files, signer);
            VerificationReport report = verify(new ZipText(files).bytes(), exported.roots());
            if (report.verdict() == Verdict.PASSED) {
                requireAnswer(files, exported);
            }
            compare(number, 12, exported.roots(), report);
        });
    }

    /** The log's proofs are those of an exported bundle, and the records are all that the order asks for. */
    private static void requireAnswer(SortedMap<String, byte[]> files, Exported exported) throws Exception {
        Scope scope = Scope.parse(content(files, BundleLayout.SCOPE));
        KeyHistory keys =
                Scope.parse(content(exported.files(), BundleLayout.SCOPE)).keys();
        boolean fewerKeys = scope.keys().current().postQuantum() == null;
        SortedMap<String, byte[]> named = new TreeMap<>(files);
        if (fewerKeys) {
            // Who does not know that the vault has a second key does not miss it.
            named.put(
                    BundleLayout.SCOPE,
                    new Scope(
                                    scope.logId(),
                                    scope.completeness(),
                                    scope.actors(),
                                    scope.services(),
                                    scope.destroyed(),
                                    keys)
                            .format());
        }
        // Two changes can make one exported bundle of another.
        assertTrue(
                BUNDLES.stream()
                        .anyMatch(bundle -> bundle.files().entrySet().stream()
                                .allMatch(file -> FREE.contains(file.getKey())
                                        || Arrays.equals(file.getValue(), named.get(file.getKey())))),
                "other proofs passed");
        byte[] own = scope.keys()
                .current()
                .own(SignedNote.parse(content(files, BundleLayout.NODE_CHECKPOINT)))
                .format();
        byte[] checkpoint = content(exported.files(), BundleLayout.NODE_CHECKPOINT);
        assertArrayEquals(
                fewerKeys ? Arrays.copyOf(checkpoint, own.length) : checkpoint, own, "another checkpoint passed");
        Order order = Order.parse(content(files, BundleLayout.ORDER));
        assertEquals("acme", order.tenant());
        StringBuilder records = new StringBuilder();
        StringBuilder originals = new StringBuilder();
        for (LogRecord record : RECORDS) {
            if (order.asksFor(record)) {
                records.append(new String(record.line(), StandardCharsets.UTF_8))
                        .append('\n');
                String original = record.original();
                originals.append(original == null ? "" : original + "\n");
            }
        }
        assertEquals(records.toString(), text(files, BundleLayout.RECORDS));
        assertEquals(originals.toString(), text(files, BundleLayout.ORIGINALS));
    }

    private static byte[] content(SortedMap<String, byte[]> files, String name) {
        return files.getOrDefault(name, new byte[0]);
    }

    private static String text(SortedMap<String, byte[]> files, String name) {
        return new String(files.getOrDefault(name, new byte[0]), StandardCharsets.UTF_8);
    }

    /** Who holds all keys can make another log; what has to hold is that both verifiers say the same of it. */
    @Test
    void ofAnotherLogBothVerifiersSayTheSame() {
        Fuzz.run("bundle.relinked", RELINKED, (random, number) -> {
            Exported exported = BUNDLES.get(random.nextInt(3));
            SortedMap<String, byte[]> files = mutated(random, exported);
            Scope scope = Scope.parse(content(exported.files(), BundleLayout.SCOPE));
            Relinking.relink(random, files, scope.logId(), signer);
            BundleMutation.sign(files, signer);
            VerificationReport report = verify(new ZipText(files).bytes(), List.of());
            compare(number, 5, List.of(), report);
        });
    }

    @Test
    void aLogThatIsOnlyLinkedAnewPasses() throws Exception {
        for (Exported exported : BUNDLES.subList(0, 3)) {
            SortedMap<String, byte[]> files = exported.copy();
            Scope scope = Scope.parse(content(files, BundleLayout.SCOPE));
            Relinking.relink(new Always(), files, scope.logId(), signer);
            BundleMutation.sign(files, signer);
            VerificationReport report = verify(new ZipText(files).bytes(), List.of());
            assertEquals(Verdict.PASSED, report.verdict(), report::toString);
            compare(0, 1, List.of(), report);
        }
    }

    /** Leaves nothing unlinked. */
    private static final class Always extends Random {
        private static final long serialVersionUID = 1;

        @Override
        public int nextInt(int bound) {
            return bound - 1;
        }
    }
}
