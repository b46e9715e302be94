package dev.evidencevault;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.copy.CopiedHeads;
import dev.evidencevault.copy.CopyOptions;
import dev.evidencevault.copy.CopyRun;
import dev.evidencevault.crypto.note.Checkpoint;
import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.format.Change;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.LogId;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.place.DirectoryStore;
import dev.evidencevault.segment.SegmentContent;
import dev.evidencevault.segment.SegmentFile;
import dev.evidencevault.sink.DirectorySink;
import dev.evidencevault.storage.CopyIsReadOnlyException;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Layout.LogDirectory;
import dev.evidencevault.storage.UnlockedVault;
import dev.evidencevault.verify.VaultVerifier;
import dev.evidencevault.verify.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A restored backup of any age never reuses a position or a nonce. */
class ContinuationTest {
    private static final int AGES = 4;

    @TempDir
    Path directory;

    private static VaultOptions options() {
        return SmallVault.options();
    }

    private static void append(Vault vault, String tenant) throws Exception {
        vault.tenant(tenant)
                .appendAndWait(Event.of("work").actor(Actor.tenant("alice")).build());
    }

    private static LogRecord first(UnlockedVault vault, LogDirectory log) throws Exception {
        try (SegmentFile file = new SegmentFile(log.segment(1))) {
            return new SegmentContent(file, vault.keys(log))
                    .records(file.blocks().get(0))
                    .get(0);
        }
    }

    private static ObjectNode restored(LogRecord record) {
        Change change = Change.of(record);
        assertEquals(Change.What.RESTORE, change.what());
        assertEquals(0, record.seq());
        return Json.parseObject(String.valueOf(change.before()).getBytes(StandardCharsets.UTF_8), "what was");
    }

    @Test
    void goesOnInANewVaultFromACopyOfAnyAgeAndUsesNothingTwice() throws Exception {
        Path old = directory.resolve("vault");
        Set<String> used = new HashSet<>();
        try (Vault vault = Vault.create(old, SmallVault.SECRET, options())) {
            for (int age = 0; age < AGES; age++) {
                append(vault, "acme");
                append(vault, "tenant-" + age);
                vault.seal();
                Path copy = directory.resolve("copy-" + age);
                new CopyRun(
                                UnlockedVault.unlock(old, SmallVault.SECRET),
                                new DirectoryStore(copy),
                                CopyOptions.logs(),
                                Clock.systemUTC())
                        .run();
                Path plain = directory.resolve("plain-" + age);
                CopiedVault.copy(old, plain);
                Files.delete(plain.resolve("lock"));
            }
            append(vault, "acme");
        }
        use(old, used);
        for (int age = 0; age < AGES; age++) {
            Path copy = directory.resolve("copy-" + age);
            Map<String, byte[]> before = SmallVault.contents(copy);
            CopyIsReadOnlyException refused =
                    assertThrows(CopyIsReadOnlyException.class, () -> Vault.open(copy, SmallVault.SECRET, options()));
            assertTrue(String.valueOf(refused.getMessage()).contains("init --continues"), refused.getMessage());
            assertThrows(FileAlreadyExistsException.class, () -> Vault.create(copy, SmallVault.SECRET, options()));
            Path next = directory.resolve("next-" + age);
            CopiedHeads heads = CopiedHeads.read(new DirectoryStore(copy), SmallVault.SECRET);
            Continuation.create(heads, next, SmallVault.SECRET, options());
            check(copy, next, age, heads);
            use(next, used);
            before.forEach((name, bytes) -> {
                try {
                    assertArrayEquals(bytes, Files.readAllBytes(copy.resolve(name)), name);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            Path fromPlain = directory.resolve("next-plain-" + age);
            Continuation.create(
                    CopiedHeads.read(UnlockedVault.unlock(directory.resolve("plain-" + age), SmallVault.SECRET)),
                    fromPlain,
                    SmallVault.SECRET,
                    options());
            use(fromPlain, used);
        }
    }

    private static void check(Path copy, Path next, int age, CopiedHeads heads) throws Exception {
        UnlockedVault vault = UnlockedVault.unlock(next, SmallVault.SECRET);
        UnlockedVault old = UnlockedVault.unlock(copy, SmallVault.SECRET);
        assertEquals(old.tenants().keySet(), vault.tenants().keySet());
        assertEquals(age + 2, vault.tenants().size());
        ObjectNode service = restored(first(vault, vault.layout().service()));
        SignedNote checkpoint =
                SignedNote.parse(Json.text(service, "checkpoint").getBytes(StandardCharsets.UTF_8));
        assertTrue(old.settings().keys().signerOf(checkpoint, 0).isPresent());
        assertEquals(
                old.settings().verifier().name(),
                Checkpoint.parse(checkpoint.text()).origin());
        for (Map.Entry<String, LogId> log : vault.tenants().entrySet()) {
            ObjectNode from = restored(first(vault, vault.layout().tenant(log.getValue())));
            CopiedHeads.Head head = heads.tenants().get(log.getKey());
            assertEquals(head.log().toString(), Json.text(from, "log"));
            assertEquals(head.root().hex(), Json.text(from, "root"));
            assertEquals(head.leaves(), Json.integer(from, "leaves"));
        }
        assertEquals(Verdict.PASSED, new VaultVerifier(null, null).verify(vault).verdict());
    }

    /** Every (log, position) and every (file's key, which its salt makes) of all vaults is there once. */
    private static void use(Path vault, Set<String> used) throws Exception {
        UnlockedVault unlocked = UnlockedVault.unlock(vault, SmallVault.SECRET);
        assertTrue(used.add("vault " + unlocked.settings().vaultId()));
        for (Map.Entry<LogId, LogDirectory> log : unlocked.directories().entrySet()) {
            assertTrue(used.add("log " + log.getKey()), "the log has an id that was used before");
            for (long number : Layout.numbers(log.getValue().segments(), Layout.SEGMENT_SUFFIX)) {
                byte[] bytes = Files.readAllBytes(log.getValue().segment(number));
                String header = HexFormat.of().formatHex(bytes, 40, 104);
                assertTrue(used.add("segment key " + header), "a segment has a key that was used before");
            }
        }
    }

    @Test
    void refusesAPlainBackupWhenASinkKnowsBetter() throws Exception {
        Path old = directory.resolve("vault");
        Path sink = Files.createDirectory(directory.resolve("sink"));
        VaultOptions watched = options().withSinks(List.of(new DirectorySink(sink)));
        Path backup = directory.resolve("backup");
        try (Vault vault = Vault.create(old, SmallVault.SECRET, watched)) {
            append(vault, "acme");
        }
        CopiedVault.copy(old, backup);
        try (Vault vault = Vault.open(old, SmallVault.SECRET, watched)) {
            append(vault, "acme");
        }
        CorruptFileException refused =
                assertThrows(CorruptFileException.class, () -> Vault.open(backup, SmallVault.SECRET, watched));
        assertTrue(refused.problem().contains("init --continues"), refused.problem());
    }

    @Test
    void appearsWholeOrNotAtAll() throws Exception {
        Path old = directory.resolve("vault");
        SmallVault.write(old);
        CopiedHeads heads = CopiedHeads.read(UnlockedVault.unlock(old, SmallVault.SECRET));
        Path next = directory.resolve("next");
        Files.createDirectory(directory.resolve("next.tmp"));
        assertThrows(
                FileAlreadyExistsException.class, () -> Continuation.create(heads, next, SmallVault.SECRET, options()));
        assertFalse(Files.exists(next));
        Files.delete(directory.resolve("next.tmp"));
        Continuation.create(heads, next, SmallVault.SECRET, options());
        assertThrows(
                FileAlreadyExistsException.class, () -> Continuation.create(heads, next, SmallVault.SECRET, options()));
        assertNotEquals(
                UnlockedVault.unlock(old, SmallVault.SECRET).settings().vaultId(),
                UnlockedVault.unlock(next, SmallVault.SECRET).settings().vaultId());
        try (Vault vault = Vault.open(next, SmallVault.SECRET, options())) {
            append(vault, "acme");
        }
    }
}
