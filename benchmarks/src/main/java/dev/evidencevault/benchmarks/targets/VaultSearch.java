package dev.evidencevault.benchmarks.targets;

import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.index.FragmentCache;
import dev.evidencevault.index.Interval;
import dev.evidencevault.index.TenantIndex;
import dev.evidencevault.index.query.EventQuery;
import dev.evidencevault.index.query.QueryField;
import dev.evidencevault.reader.TenantReader;
import dev.evidencevault.reader.VaultReader;
import java.io.IOException;
import java.nio.file.Path;

/** The search of a vault. */
final class VaultSearch implements SearchTarget {
    private static final long CACHE_BYTES = 512 << 20;

    private final FragmentCache cache = new FragmentCache(CACHE_BYTES);
    private final TenantReader tenant;
    private final TenantIndex index;

    VaultSearch(Path directory) throws IOException {
        try {
            this.tenant = VaultReader.open(directory, VaultTarget.SECRET)
                    .tenant(AppendTarget.tenantName(0))
                    .orElseThrow();
        } catch (WrongKeyException e) {
            throw new IOException("the vault is not of a benchmark", e);
        }
        this.index = TenantIndex.of(tenant, cache, warning -> {
            throw new IllegalStateException(warning);
        });
    }

    private long count(EventQuery query) throws IOException {
        long[] found = new long[1];
        index.search(query, record -> {
            found[0]++;
            return true;
        });
        return found[0];
    }

    @Override
    public long ofActor(String actor) throws IOException {
        return count(EventQuery.exactly(QueryField.ACTOR, actor));
    }

    @Override
    public long firstOfActor(String actor, int limit) throws IOException {
        return index.page(EventQuery.exactly(QueryField.ACTOR, actor), 0, limit)
                .records()
                .size();
    }

    @Override
    public long withWord(String word) throws IOException {
        return count(EventQuery.words(word));
    }

    @Override
    public long holding(String text) throws IOException {
        long[] found = new long[1];
        index.scan(text, record -> {
            found[0]++;
            return true;
        });
        return found[0];
    }

    @Override
    public long histogram(String actor) throws IOException {
        return index.histogram(EventQuery.exactly(QueryField.ACTOR, actor), Interval.HOUR).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    @Override
    public long actors() throws IOException {
        return index.top(EventQuery.all(), QueryField.ACTOR, Integer.MAX_VALUE).size();
    }

    @Override
    public void forget() {
        cache.clear(tenant);
    }

    @Override
    public void close() {}
}
