package dev.evidencevault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.crypto.keys.KeySource;
import dev.evidencevault.crypto.keys.KeySourceException;
import dev.evidencevault.crypto.keys.VaultSecret;
import dev.evidencevault.crypto.keys.WrappedKey;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.kms.TestKeySource;
import dev.evidencevault.kms.TestKeySource.State;
import dev.evidencevault.reader.VaultReader;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Layout.LogDirectory;
import dev.evidencevault.storage.LogKeys;
import dev.evidencevault.storage.UnlockedVault;
import dev.evidencevault.verify.Claim;
import dev.evidencevault.verify.VaultVerifier;
import dev.evidencevault.verify.Verdict;
import dev.evidencevault.verify.VerificationReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tenants that bring a key source of their own, here "acme", beside others whose keys the vault's wraps. */
class TenantKeySourceTest {
    private static final String OWN = "acme";
    private static final String OTHER = "initech";
    private static final VaultSecret PROVIDER = VaultSecret.keyFile(new byte[32]);

    @TempDir
    private Path directory;

    private Path vault;
    private TestKeySource source;
    private VaultSecret secret;

    @BeforeEach
    void begin() {
        vault = directory.resolve("vault");
        source = new TestKeySource("test:acme");
        secret = PROVIDER.withTenants(tenant -> tenant.equals(OWN) ? List.of(source) : List.of());
    }

    private static void append(Vault vault, String tenant, int from, int to) throws IOException {
        TenantLog log = vault.tenant(tenant);
        for (int n = from; n < to; n++) {
            log.appendAndWait(Event.of("act").id(tenant + n).build());
        }
    }

    private static List<String> expected(String tenant, int count) {
        return IntStream.range(0, count).mapToObj(n -> tenant + n).toList();
    }

    private Vault open() throws Exception {
        return Vault.open(vault, secret, SmallVault.options());
    }

    private void write() throws Exception {
        try (Vault created = Vault.create(vault, secret, SmallVault.options())) {
            append(created, OWN, 0, 3);
            append(created, OTHER, 0, 3);
        }
    }

    private static List<String> ids(Path vault, VaultSecret secret, String tenant) throws Exception {
        List<String> ids = new ArrayList<>();
        VaultReader.open(vault, secret).tenant(tenant).orElseThrow().events(record -> ids.add(record.id()));
        return ids;
    }

    private LogDirectory log(String tenant) throws Exception {
        return new Layout(vault)
                .tenant(UnlockedVault.unlock(vault, secret).tenants().get(tenant));
    }

    private VerificationReport verify(VaultSecret with) throws Exception {
        return new VaultVerifier(null, null).verify(UnlockedVault.unlock(vault, with));
    }

    private void requireRefused(VaultSecret with, String why) {
        KeySourceException refused = assertThrows(KeySourceException.class, () -> ids(vault, with, OWN));
        assertTrue(String.valueOf(refused.getMessage()).contains(OWN), refused.getMessage());
        assertTrue(String.valueOf(refused.getMessage()).contains(why), refused.getMessage());
    }

    @Test
    void eachTenantIsUnderItsOwnSource() throws Exception {
        write();
        WrappedKey own = LogKeys.read(log(OWN)).ownKey();
        assertNotNull(own);
        assertEquals("test:acme", own.uri());
        assertNull(LogKeys.read(log(OTHER)).ownKey());
        assertEquals(expected(OWN, 3), ids(vault, secret, OWN));
        assertEquals(Verdict.PASSED, verify(secret).verdict());

        // The provider alone, with all that the vault's secret opens, reads the others.
        requireRefused(PROVIDER, "no source of that name was given");
        assertEquals(expected(OTHER, 3), ids(vault, PROVIDER, OTHER));
        KeySource renamed = new TestKeySource("test:another");
        requireRefused(PROVIDER.withTenants(tenant -> List.of(renamed)), "no source of that name was given");
        KeySource impostor = new TestKeySource("test:acme");
        requireRefused(PROVIDER.withTenants(tenant -> List.of(impostor)), "is not the key that wrapped it");
        source.set(State.REVOKED);
        requireRefused(secret, "permission denied");
        source.set(State.AWAY);
        requireRefused(secret, "cannot be reached");
        assertEquals(expected(OTHER, 3), ids(vault, secret, OTHER));
    }

    @Test
    void aVerifierWithoutATenantsKeySaysThatItsRecordsWereNotRead() throws Exception {
        write();
        VerificationReport report = verify(PROVIDER);
        assertEquals(Verdict.INDETERMINATE, report.verdict(), report.findings().toString());
        assertTrue(report.findings().stream()
                .filter(finding -> finding.verdict() != Verdict.PASSED)
                .allMatch(finding -> finding.claim() == Claim.RECORDS));
        assertEquals(Verdict.PASSED, new VaultVerifier(null, null).verify(vault).verdict());
    }

    @Test
    void aTenantIsCreatedWhenItsSourceAnswersAndNotBefore() throws Exception {
        source.set(State.AWAY);
        try (Vault created = Vault.create(vault, secret, SmallVault.options())) {
            assertThrows(KeySourceException.class, () -> created.tenant(OWN));
            assertThrows(KeySourceException.class, () -> created.tenants(List.of(OTHER, OWN)));
            assertEquals(Set.of(), created.tenants());
            append(created, OTHER, 0, 1);
            source.set(State.THERE);
            append(created, OWN, 0, 1);
        }
        assertEquals(
                Set.of(OWN, OTHER),
                UnlockedVault.unlock(vault, secret).tenants().keySet());
        assertEquals(expected(OWN, 1), ids(vault, secret, OWN));
        assertEquals(Verdict.PASSED, verify(secret).verdict());
    }

    @Test
    void whatIsOpenStaysOpenInAnOutage() throws Exception {
        write();
        VaultOptions restless = SmallVault.options().withIdleAfter(Duration.ofMillis(10));
        try (Vault open = Vault.open(vault, secret, restless)) {
            append(open, OWN, 3, 4);
            int asked = source.calls();
            source.set(State.AWAY);
            for (int n = 4; n < 8; n++) {
                append(open, OWN, n, n + 1);
                append(open, OTHER, n - 1, n);
                open.seal();
                while (open.tenant(OWN).hasKeys()) {
                    Thread.onSpinWait();
                }
            }
            assertEquals(asked, source.calls());
        }
        requireRefused(secret, "cannot be reached");
        source.set(State.THERE);
        assertEquals(expected(OWN, 8), ids(vault, secret, OWN));
        assertEquals(expected(OTHER, 7), ids(vault, secret, OTHER));
        assertEquals(Verdict.PASSED, verify(secret).verdict());
    }

    @Test
    void anOutageWhenTheVaultIsOpenedConcernsNoOtherTenant() throws Exception {
        write();
        source.set(State.AWAY);
        try (Vault open = open()) {
            assertThrows(KeySourceException.class, () -> open.tenant(OWN));
            append(open, OTHER, 3, 5);
            source.set(State.THERE);
            append(open, OWN, 3, 4);
        }
        assertEquals(expected(OWN, 4), ids(vault, secret, OWN));
        assertEquals(expected(OTHER, 5), ids(vault, secret, OTHER));
    }

    @Test
    void whatAKilledWriterHadAcknowledgedWaitsInTheJournal() throws Exception {
        Path living = directory.resolve("living");
        try (Vault created = Vault.create(living, secret, SmallVault.options())) {
            append(created, OWN, 0, 2);
            append(created, OTHER, 0, 2);
            created.seal();
            append(created, OWN, 2, 5);
            append(created, OTHER, 2, 4);
            CopiedVault.copy(living, vault);
        }
        source.set(State.AWAY);
        for (int time = 0; time < 2; time++) {
            try (Vault open = open()) {
                KeySourceException refused = assertThrows(KeySourceException.class, () -> open.tenant(OWN));
                assertTrue(String.valueOf(refused.getMessage()).contains("nothing is lost"), refused.getMessage());
                source.set(State.THERE);
                assertThrows(KeySourceException.class, () -> open.tenant(OWN));
                source.set(State.AWAY);
                append(open, OTHER, 4 + time, 5 + time);
            }
            assertEquals(
                    Verdict.PASSED, new VaultVerifier(null, null).verify(vault).verdict());
            assertEquals(expected(OTHER, 5 + time), ids(vault, secret, OTHER));
        }
        source.set(State.THERE);
        // Readers see what waits, too.
        assertEquals(expected(OWN, 5), ids(vault, secret, OWN));
        try (Vault open = open()) {
            append(open, OWN, 5, 6);
        }
        assertEquals(expected(OWN, 6), ids(vault, secret, OWN));
        assertEquals(expected(OTHER, 6), ids(vault, secret, OTHER));
        assertEquals(List.of(), Layout.list(vault.resolve("journal")));
        assertEquals(Verdict.PASSED, verify(secret).verdict());
    }

    @Test
    void aRotationMovesATenantUnderItsOwnSourceAndBack() throws Exception {
        try (Vault created = Vault.create(vault, PROVIDER, SmallVault.options())) {
            append(created, OWN, 0, 1);
            append(created, OTHER, 0, 1);
        }
        assertNull(LogKeys.read(log(OWN)).ownKey());
        source.set(State.AWAY);
        try (Vault open = open()) {
            KeyRotation rotation = open.rotateKeys(List.of(OWN, OTHER), "a test");
            assertEquals(Map.of(OTHER, 2), rotation.epochs());
            assertEquals(Set.of(OWN), rotation.failures().keySet());
            append(open, OWN, 1, 2);
            source.set(State.THERE);
            assertEquals(Map.of(OWN, 2), open.rotateKeys(List.of(OWN), "a test").epochs());
            append(open, OWN, 2, 3);
        }
        requireRefused(PROVIDER, "no source of that name was given");
        assertEquals(expected(OWN, 3), ids(vault, secret, OWN));

        // To another source: the old one still has to open what it wrapped.
        TestKeySource next = new TestKeySource("test:next");
        VaultSecret both = PROVIDER.withTenants(tenant -> tenant.equals(OWN) ? List.of(next, source) : List.of());
        try (Vault open = Vault.open(vault, both, SmallVault.options())) {
            assertEquals(Map.of(OWN, 3), open.rotateKeys(List.of(OWN), "a test").epochs());
        }
        VaultSecret alone = PROVIDER.withTenants(tenant -> tenant.equals(OWN) ? List.of(next) : List.of());
        assertEquals(expected(OWN, 3), ids(vault, alone, OWN));

        try (Vault open = Vault.open(vault, alone, SmallVault.options())) {
            assertEquals(
                    Map.of(OWN, 4),
                    open.rotateKeysUnderVault(List.of(OWN), "a test").epochs());
        }
        assertEquals(expected(OWN, 3), ids(vault, PROVIDER, OWN));
        assertEquals(Verdict.PASSED, verify(PROVIDER).verdict());
    }

    @Test
    void aWrappedKeyStandsInForNoOther() throws Exception {
        String two = "hooli";
        secret = PROVIDER.withTenants(tenant -> tenant.equals(OTHER) ? List.of() : List.of(source));
        try (Vault created = Vault.create(vault, secret, SmallVault.options())) {
            append(created, OWN, 0, 1);
            append(created, two, 0, 1);
        }
        LogKeys first = LogKeys.read(log(OWN));
        LogKeys second = LogKeys.read(log(two));
        byte[] before = Files.readAllBytes(log(OWN).keys());
        Files.write(
                log(OWN).keys(),
                new LogKeys(first.logId(), first.sealedName(), first.epoch(), second.ownKey(), null, second.keysets())
                        .format());
        requireRefused(secret, "is not the key that wrapped it");
        Files.write(
                log(OWN).keys(),
                new LogKeys(first.logId(), first.sealedName(), first.epoch() + 1, first.ownKey(), null, first.keysets())
                        .format());
        requireRefused(secret, "is not the key that wrapped it");
        Files.write(
                log(OWN).keys(),
                new LogKeys(first.logId(), first.sealedName(), first.epoch(), null, null, first.keysets()).format());
        assertThrows(WrongKeyException.class, () -> ids(vault, secret, OWN));
        Files.write(log(OWN).keys(), before);
        assertEquals(expected(OWN, 1), ids(vault, secret, OWN));
    }
}
