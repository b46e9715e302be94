package dev.evidencevault.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.AppendRefusedException;
import dev.evidencevault.Event;
import dev.evidencevault.SmallVault;
import dev.evidencevault.TenantLog;
import dev.evidencevault.TenantQuota;
import dev.evidencevault.Vault;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VaultMetersTest {
    @TempDir
    private Path directory;

    @Test
    void aVaultIsMeteredWithoutNamingAnybody() throws Exception {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        VaultMeters meters = new VaultMeters(registry);
        var options = SmallVault.options().withObserver(meters).withQuotas(tenant -> new TenantQuota(3, 1 << 20));
        try (Vault vault = Vault.create(directory.resolve("vault"), SmallVault.SECRET, options)) {
            meters.watch(vault);
            TenantLog log = vault.tenant("acme");
            for (int i = 0; i < 3; i++) {
                log.appendAndWait(Event.of("act").build());
            }
            assertThrows(
                    AppendRefusedException.class,
                    () -> log.append(Event.of("act").build()));
            assertTrue(registry.get("evidencevault.unsealed.bytes").gauge().value() > 0);
            assertTrue(registry.get("evidencevault.seal.lag").gauge().value() > 0);
            vault.seal();
            assertEquals(0, registry.get("evidencevault.unsealed.bytes").gauge().value());
            assertEquals(0, registry.get("evidencevault.seal.lag").gauge().value());
            assertTrue(registry.get("evidencevault.checkpoint.age").gauge().value() < 60);
            assertEquals(0, registry.get("evidencevault.failed").gauge().value());
        }
        // Creating the vault and the tenant are events, too; how it is run and the refusal are recorded.
        assertEquals(7, registry.get("evidencevault.commit.events").summary().totalAmount());
        assertTrue(registry.get("evidencevault.append.latency").timer().count() > 0);
        assertTrue(registry.get("evidencevault.seal.duration").timer().count() > 0);
        assertEquals(
                1,
                registry.get("evidencevault.refused")
                        .tag("reason", "rate")
                        .counter()
                        .count());
        for (Meter meter : registry.getMeters()) {
            assertTrue(meter.getId().getName().startsWith("evidencevault."));
            assertFalse(meter.getId().toString().contains("acme"));
        }
    }
}
