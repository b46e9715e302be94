package dev.evidencevault.benchmarks.targets;

import dev.evidencevault.Receipt;
import dev.evidencevault.TenantLog;
import dev.evidencevault.Vault;
import dev.evidencevault.VaultOptions;
import dev.evidencevault.crypto.keys.VaultSecret;
import dev.evidencevault.index.LuceneIndexer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A vault. */
public final class VaultTarget implements AppendTarget {
    /** What opens the vaults that are measured. */
    public static final VaultSecret SECRET = VaultSecret.passphrase("benchmark");

    private final Vault vault;
    private final TenantLog[] logs;

    /** Creates a vault with this many tenants. */
    public VaultTarget(Path directory, int tenants, VaultOptions options) throws IOException {
        this.vault = Vault.create(directory, SECRET, options);
        this.logs = vault.tenants(IntStream.range(0, tenants)
                        .mapToObj(AppendTarget::tenantName)
                        .toList())
                .toArray(new TenantLog[0]);
    }

    /** Returns the defaults, but for the passphrase: stretching it is not what is measured, and is made cheap. */
    public static VaultOptions plain() {
        return VaultOptions.defaults().withArgon2MemoryKib(64);
    }

    /** Returns the defaults with the search index. */
    public static VaultOptions indexed() {
        return plain().withIndexer(new LuceneIndexer());
    }

    @Override
    public Producer producer() {
        return new VaultProducer();
    }

    @Override
    public void settle() throws IOException {
        vault.seal();
    }

    @Override
    public void close() throws IOException {
        vault.close();
    }

    /**
     * Keeps the receipt of the last event only: when it is there, those of all earlier events of the thread are, and a
     * vault that failed never succeeds again.
     */
    private final class VaultProducer implements Producer {
        private @Nullable CompletableFuture<?> last;
        private volatile @Nullable Throwable failure;

        @Override
        public void append(int tenant, Sample sample) {
            last = logs[tenant].append(sample.event());
        }

        @Override
        public void append(int tenant, Sample sample, Runnable done) {
            CompletableFuture<Receipt> receipt = logs[tenant].append(sample.event());
            last = receipt.whenComplete((ok, failed) -> {
                if (failed != null) {
                    failure = failed;
                }
                done.run();
            });
        }

        @Override
        public void awaitDone() throws IOException {
            CompletableFuture<?> waitFor = last;
            try {
                if (waitFor != null) {
                    waitFor.join();
                }
            } catch (CompletionException e) {
                throw new IOException("the vault failed", e.getCause());
            }
            if (failure != null) {
                throw new IOException("the vault failed", failure);
            }
        }

        @Override
        public void close() {}
    }
}
