package dev.evidencevault.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.Event;
import dev.evidencevault.SmallVault;
import dev.evidencevault.Vault;
import dev.evidencevault.campaign.Campaign;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.storage.UnlockedVault;
import dev.evidencevault.storage.VaultLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * One tenant is put back, cut or removed, the anchors with it, and it is made to look as if the writer had been killed or
 * were at work. Neither the verifier nor the next writer takes that for a vault.
 */
class RollbackTest {
    /** What is done to hide it. */
    enum Disguise {
        NONE,
        EMPTY_JOURNAL,
        GARBAGE_JOURNAL,
        LOCKED
    }

    @TempDir
    private Path directory;

    private Path vault;
    private Map<String, byte[]> older;

    @BeforeEach
    void write() throws Exception {
        vault = directory.resolve("vault");
        SmallVault.write(vault);
        older = new TreeMap<>(SmallVault.contents(vault));
        try (Vault open = Vault.open(vault, SmallVault.SECRET, SmallVault.options())) {
            for (String tenant : List.of("acme", SmallVault.OTHER_TENANT)) {
                open.tenant(tenant).appendAndWait(Event.of("later").build());
            }
        }
    }

    private Path log(String tenant) throws Exception {
        return SmallVault.open(vault).tenant(tenant).orElseThrow().directory().path();
    }

    private void putBackAnchors() throws IOException {
        Campaign.remove(vault.resolve("anchors"));
        Files.createDirectory(vault.resolve("anchors"));
        for (Map.Entry<String, byte[]> file : older.entrySet()) {
            if (file.getKey().startsWith("anchors/")) {
                Files.write(vault.resolve(file.getKey()), file.getValue());
            }
        }
    }

    private void requireNoticed(Disguise disguise) throws Exception {
        VaultLock lock = null;
        switch (disguise) {
            case NONE -> {}
            case EMPTY_JOURNAL -> Files.write(vault.resolve("journal/00000001.evj"), new byte[0]);
            case GARBAGE_JOURNAL -> {
                byte[] garbage = new byte[5000];
                new Random(1).nextBytes(garbage);
                Files.write(vault.resolve("journal/00000001.evj"), garbage);
            }
            case LOCKED -> lock = VaultLock.acquire(vault.resolve("lock"));
        }
        VaultVerifier verifier = new VaultVerifier(null, null);
        VerificationReport report = verifier.verify(vault);
        assertEquals(Verdict.FAILED, report.verdict(), report.toString());
        report = verifier.verify(UnlockedVault.unlock(vault, SmallVault.SECRET));
        assertEquals(Verdict.FAILED, report.verdict(), report.toString());
        if (lock != null) {
            lock.close();
        }
        Map<String, byte[]> before = SmallVault.contents(vault);
        assertThrows(
                CorruptFileException.class,
                () -> Vault.open(vault, SmallVault.SECRET, SmallVault.options()).close());
        Map<String, byte[]> after = SmallVault.contents(vault);
        before.remove("lock");
        after.remove("lock");
        assertEquals(before.keySet(), after.keySet());
        before.forEach((name, content) ->
                assertTrue(java.util.Arrays.equals(content, after.get(name)), "nothing was changed: " + name));
    }

    @ParameterizedTest
    @EnumSource
    void oneTenantAndTheAnchorsPutBack(Disguise disguise) throws Exception {
        Path log = log(SmallVault.OTHER_TENANT);
        Files.delete(log.resolve("log/00000004.evs"));
        putBackAnchors();
        requireNoticed(disguise);
    }

    @ParameterizedTest
    @EnumSource
    void oneTenantAndAllAnchorsRemoved(Disguise disguise) throws Exception {
        Campaign.remove(log(SmallVault.OTHER_TENANT));
        Campaign.remove(vault.resolve("anchors"));
        Files.createDirectory(vault.resolve("anchors"));
        requireNoticed(disguise);
    }

    @ParameterizedTest
    @EnumSource
    void oneTenantRemoved(Disguise disguise) throws Exception {
        Campaign.remove(log(SmallVault.OTHER_TENANT));
        requireNoticed(disguise);
    }

    @Test
    void aJournalThatCannotBeReadIsTold() throws Exception {
        byte[] garbage = new byte[5000];
        new Random(1).nextBytes(garbage);
        Files.write(vault.resolve("journal/00000001.evj"), garbage);
        VerificationReport report = new VaultVerifier(null, null).verify(vault);
        assertEquals(Verdict.INDETERMINATE, report.verdict(), report.toString());
        assertEquals("journal/00000001.evj", report.findings().get(0).where());
        try (Vault open = Vault.open(vault, SmallVault.SECRET, SmallVault.options())) {
            assertEquals(5000, open.droppedBytes());
            assertEquals(0, open.recoveredRecords());
        }
        assertEquals(Verdict.PASSED, new VaultVerifier(null, null).verify(vault).verdict());
    }

    @Test
    void linksAndLeftoversAreNoPartOfAVault() throws Exception {
        VaultVerifier verifier = new VaultVerifier(null, null);
        Path link = Files.createSymbolicLink(vault.resolve("service/log/00000009.evs"), directory.resolve("elsewhere"));
        assertEquals(Verdict.FAILED, verifier.verify(vault).verdict());
        Files.delete(link);
        Path leftover = Files.createDirectory(vault.resolve("tenants/evil.tmp"));
        assertEquals(Verdict.FAILED, verifier.verify(vault).verdict());
        Files.delete(leftover);
        Path moved = Files.move(log("acme"), directory.resolve("moved"));
        Files.createSymbolicLink(vault.resolve("tenants/" + moved.getFileName()), moved);
        assertEquals(Verdict.FAILED, verifier.verify(vault).verdict());
    }
}
