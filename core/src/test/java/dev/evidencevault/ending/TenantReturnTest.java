package dev.evidencevault.ending;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.SmallVault;
import dev.evidencevault.Vault;
import dev.evidencevault.bundle.BundleFiles;
import dev.evidencevault.cases.OrderRefusedException;
import dev.evidencevault.crypto.note.NoteVerifier;
import dev.evidencevault.deposit.Deposit;
import dev.evidencevault.deposit.DepositProgress;
import dev.evidencevault.deposit.TenantBackups;
import dev.evidencevault.evidence.ExportOptions;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.reader.TenantReader;
import dev.evidencevault.reader.VaultReader;
import dev.evidencevault.verify.BundleVerifier;
import dev.evidencevault.verify.Claim;
import dev.evidencevault.verify.Finding;
import dev.evidencevault.verify.Verdict;
import dev.evidencevault.verify.VerificationReport;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tenant gets back all of its own, can read and verify it, and nothing of another's. */
class TenantReturnTest {
    private static final ReturnRequest REQUEST =
            new ReturnRequest("acme", "contract 17 ended", "Aoi Sato", "Ren Tanaka");

    @TempDir
    private Path directory;

    private Path root;
    private Path out;

    @BeforeEach
    void makeVault() throws Exception {
        root = directory.resolve("vault");
        out = directory.resolve("returned");
        SmallVault.write(root);
        Path tree = Files.createDirectory(directory.resolve("data"));
        Files.writeString(tree.resolve("report\n100%.txt"), "第三四半期");
        Files.createDirectory(tree.resolve("closed"));
        Files.writeString(tree.resolve("closed/secret"), "s");
        Files.createSymbolicLink(tree.resolve("link"), Path.of("/etc/hostname"));
        Files.setPosixFilePermissions(tree.resolve("closed/secret"), PosixFilePermissions.fromString("r--------"));
        Files.setPosixFilePermissions(tree.resolve("closed"), PosixFilePermissions.fromString("r-x------"));
        try (Vault vault = Vault.open(root, SmallVault.SECRET, SmallVault.options())) {
            TenantBackups backups = vault.tenant("acme").backups();
            backups.put(
                    new ByteArrayInputStream(new byte[] {1, 2, 3}),
                    Deposit.of("dump", "billing"),
                    TenantBackups.PutOptions.defaults());
            backups.put(tree, Deposit.of("files", "files"), TenantBackups.PutOptions.defaults());
            vault.tenant(SmallVault.OTHER_TENANT)
                    .backups()
                    .put(
                            new ByteArrayInputStream("wesker".getBytes(StandardCharsets.UTF_8)),
                            Deposit.of("virus", "lab"),
                            TenantBackups.PutOptions.defaults());
        }
    }

    private TenantReturn.Result write(long plainBytes) throws Exception {
        return new TenantReturn(
                        SmallVault.open(root),
                        Clock.systemUTC(),
                        ExportOptions.defaults(),
                        DepositProgress.NONE,
                        plainBytes)
                .write(REQUEST, out);
    }

    private VerificationReport verify() throws Exception {
        return verify(SmallVault.open(root).signer().verifier());
    }

    private VerificationReport verify(NoteVerifier key) throws Exception {
        return new ReturnVerifier(new BundleVerifier(key)).verify(out);
    }

    private List<String> returnedLines() throws Exception {
        List<String> lines = new ArrayList<>();
        try (var bundles = Files.list(out.resolve("evidence"))) {
            for (Path bundle : bundles.sorted().toList()) {
                try (BundleFiles files = BundleFiles.open(bundle)) {
                    for (String name : files.sizes().keySet()) {
                        if (name.startsWith("data/records/")) {
                            try (InputStream in = files.open(name)) {
                                lines.addAll(new String(in.readAllBytes(), StandardCharsets.UTF_8)
                                        .lines()
                                        .toList());
                            }
                        }
                    }
                }
            }
        }
        return lines;
    }

    private List<String> events() throws Exception {
        List<String> lines = new ArrayList<>();
        TenantReader reader = SmallVault.open(root).tenant("acme").orElseThrow();
        reader.events(record -> lines.add(new String(record.line(), StandardCharsets.UTF_8)));
        return lines;
    }

    @Test
    void everythingComesBackOnceHoweverManyBundlesThatTakes() throws Exception {
        TenantReturn.Result result = write(1);
        assertTrue(result.bundles() > 5, result.toString());
        assertEquals(2, result.backups());
        assertEquals(0, result.notYetAnchored());
        List<String> lines = returnedLines();
        assertEquals(result.records(), lines.size());
        List<String> events = events();
        assertEquals(events, lines.stream().filter(events::contains).toList());
        assertEquals(Verdict.PASSED, verify().verdict(), verify().toString());
        assertArrayEquals(new byte[] {1, 2, 3}, Files.readAllBytes(out.resolve("backups/00000001")));
        assertEquals("第三四半期", Files.readString(out.resolve("backups/00000002/report\n100%.txt")));
        assertEquals("s", Files.readString(out.resolve("backups/00000002/closed/secret")));
        assertEquals("backups/00000002/link -> /etc/hostname\n", Files.readString(out.resolve(ReturnManifest.LINKS)));
        assertEquals(2, Files.readAllLines(out.resolve("backups.jsonl")).size());
    }

    @Test
    void oneBundleHoldsWhatFits() throws Exception {
        assertEquals(1, write(1 << 20).bundles());
        assertEquals(Verdict.PASSED, verify().verdict());
        List<String> events = events();
        assertEquals(events, returnedLines().stream().filter(events::contains).toList());
    }

    @Test
    void nothingOfAnotherTenantIsInIt() throws Exception {
        write(1 << 20);
        for (Map.Entry<String, byte[]> file : SmallVault.contents(out).entrySet()) {
            String text = file.getKey() + new String(file.getValue(), StandardCharsets.ISO_8859_1);
            for (String foreign : List.of(SmallVault.OTHER_TENANT, SmallVault.OTHER_ACTOR, "wesker", "virus")) {
                assertFalse(text.contains(foreign), file.getKey());
            }
        }
    }

    @Test
    void theListIsOneThatStockToolsRead() throws Exception {
        // A name with a line feed is written otherwise than this tool has it.
        Files.delete(directory.resolve("data/report\n100%.txt"));
        write(1 << 20);
        Path plain = directory.resolve("list");
        Files.write(
                plain,
                Files.readAllLines(out.resolve(ReturnManifest.FILE)).stream()
                        .filter(line -> !line.contains("%"))
                        .toList());
        Process process = new ProcessBuilder("sha256sum", "-c", "--strict", plain.toString())
                .directory(out.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(1, TimeUnit.MINUTES));
        assertEquals(0, process.exitValue(), said);
        assertTrue(said.contains("evidence/evidence-0001.zip: OK"), said);
    }

    /** Does something to what was returned. */
    private interface Mutation {
        void on(Path returned) throws Exception;
    }

    private static void copy(Path from, Path to) throws Exception {
        try (var files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file)), LinkOption.NOFOLLOW_LINKS);
            }
        }
    }

    private static void remove(Path directory) throws Exception {
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private void requireFound(Claim claim, String where, Mutation mutation) throws Exception {
        Path kept = directory.resolve("kept");
        copy(out, kept);
        mutation.on(out);
        VerificationReport report = verify();
        assertTrue(
                report.with(Verdict.FAILED).stream()
                        .map(Finding::claim)
                        .toList()
                        .contains(claim),
                report::toString);
        assertTrue(
                report.with(Verdict.FAILED).stream()
                        .anyMatch(each -> each.where().contains(where)),
                report::toString);
        remove(out);
        Files.move(kept, out);
    }

    @Test
    void whateverIsChangedIsFound() throws Exception {
        write(400);
        requireFound(
                Claim.MANIFEST,
                "backups/00000001",
                each -> Files.write(each.resolve("backups/00000001"), new byte[] {1, 2, 4}));
        requireFound(Claim.MANIFEST, "backups/00000001", each -> Files.delete(each.resolve("backups/00000001")));
        requireFound(
                Claim.MANIFEST, "backups/00000009", each -> Files.write(each.resolve("backups/00000009"), new byte[1]));
        requireFound(Claim.MANIFEST, "evidence-0002", each -> Files.delete(each.resolve("evidence/evidence-0002.zip")));
        requireFound(
                Claim.MANIFEST,
                "evidence-0002",
                each -> Files.copy(
                        each.resolve("evidence/evidence-0001.zip"),
                        each.resolve("evidence/evidence-0002.zip"),
                        java.nio.file.StandardCopyOption.REPLACE_EXISTING));
        requireFound(
                Claim.MANIFEST, "README.txt", each -> Files.writeString(each.resolve("README.txt"), "nothing to see"));
        requireFound(Claim.FILES, "links.txt", each -> {
            Files.delete(each.resolve("backups/00000002/link"));
            Files.createSymbolicLink(each.resolve("backups/00000002/link"), Path.of("/etc/passwd"));
        });
        requireFound(
                Claim.FILES,
                "links.txt",
                each -> Files.createSymbolicLink(each.resolve("backups/more"), Path.of("00000001")));
        requireFound(Claim.SIGNATURE, "manifest.note", each -> {
            Files.delete(each.resolve("backups/00000001"));
            Files.write(
                    each.resolve(ReturnManifest.FILE), ReturnManifest.of(each).format());
        });
        requireFound(Claim.SIGNATURE, "manifest.note", each -> {
            String note = Files.readString(each.resolve(ReturnManifest.SIGNATURE));
            Files.writeString(each.resolve(ReturnManifest.SIGNATURE), note.replaceFirst("\n20", "\n19"));
        });
        assertEquals(Verdict.PASSED, verify().verdict());
    }

    @Test
    void whoKnowsAnOlderKeyOfTheVaultVerifiesToo() throws Exception {
        NoteVerifier first = SmallVault.open(root).signer().verifier();
        Vault.succeedSigningKeys(root, SmallVault.SECRET, SmallVault.options(), "a test");
        write(1 << 20);
        assertEquals(Verdict.PASSED, verify(first).verdict(), verify(first).toString());
        assertEquals(Verdict.PASSED, verify().verdict());
    }

    @Test
    void aReturnOfAnotherVaultIsNotTakenForThisOnes() throws Exception {
        NoteVerifier key = SmallVault.open(root).signer().verifier();
        Path other = directory.resolve("other");
        SmallVault.write(other);
        new TenantReturn(SmallVault.open(other), Clock.systemUTC(), ExportOptions.defaults(), DepositProgress.NONE)
                .write(REQUEST, out);
        assertTrue(
                verify(key).with(Verdict.FAILED).stream().anyMatch(each -> each.claim() == Claim.SIGNATURE),
                () -> "found nothing");
    }

    @Test
    void aDamagedBackupIsNotReturnedAsIfItWereAll() throws Exception {
        Path pack;
        try (var files = Files.walk(root.resolve("tenants"))) {
            TenantReader reader = SmallVault.open(root).tenant("acme").orElseThrow();
            pack = files.filter(file -> file.startsWith(reader.directory().path())
                            && file.toString().endsWith(".evb"))
                    .sorted()
                    .findFirst()
                    .orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(pack);
        bytes[bytes.length / 2] ^= 1;
        Files.write(pack, bytes);
        assertThrows(CorruptFileException.class, () -> write(1 << 20));
        assertFalse(Files.exists(out));
        try (var left = Files.list(directory)) {
            assertEquals(
                    List.of("data", "vault"),
                    left.map(file -> file.getFileName().toString()).sorted().toList());
        }
    }

    @Test
    void aRequestThatIsNotWholeIsRefusedAndWhatIsThereIsKept() throws Exception {
        VaultReader vault = SmallVault.open(root);
        TenantReturn all = new TenantReturn(vault, Clock.systemUTC(), ExportOptions.defaults(), DepositProgress.NONE);
        assertThrows(OrderRefusedException.class, () -> all.write(new ReturnRequest("nobody", "c", "Aoi", "Ren"), out));
        assertThrows(OrderRefusedException.class, () -> all.write(new ReturnRequest("acme", "c", "Aoi", "aoi"), out));
        assertThrows(OrderRefusedException.class, () -> all.write(new ReturnRequest("acme", "", "Aoi", "Ren"), out));
        Files.createDirectory(out);
        assertThrows(FileAlreadyExistsException.class, () -> all.write(REQUEST, out));
        try (var left = Files.list(out)) {
            assertEquals(0, left.count());
        }
    }
}
