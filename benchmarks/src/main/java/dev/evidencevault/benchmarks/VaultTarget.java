package dev.evidencevault.benchmarks;

import dev.evidencevault.TenantLog;
import dev.evidencevault.Vault;
import dev.evidencevault.VaultOptions;
import dev.evidencevault.crypto.keys.VaultSecret;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;

/** A vault with its default options. */
final class VaultTarget implements AppendTarget {
    /** Stretching the passphrase happens once, before anything is measured; it is made cheap. */
    static final VaultSecret SECRET = VaultSecret.passphrase("benchmark");

    private final Vault vault;
    private final List<TenantLog> logs = new ArrayList<>();

    VaultTarget(Path directory, int tenants) throws IOException {
        this.vault = Vault.create(directory, SECRET, VaultOptions.defaults().withArgon2MemoryKib(64));
        for (int tenant = 0; tenant < tenants; tenant++) {
            logs.add(vault.tenant(AppendTarget.tenantName(tenant)));
        }
    }

    @Override
    public Future<?> append(int tenant, SampleEvents.Sample sample) {
        return logs.get(tenant).append(sample.event());
    }

    @Override
    public void close() throws IOException {
        vault.close();
    }
}
