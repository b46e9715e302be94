package dev.evidencevault.index;

import dev.evidencevault.reader.TenantReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Care for the search index of one tenant, beside a writer or without one. The index is a hint: nothing that is done here
 * changes what is proven, and a query that runs meanwhile finds the same. For one thread at a time.
 */
public final class IndexMaintenance {
    private final TenantReader tenant;
    private final FragmentMerger merger;

    /**
     * Creates the care for a tenant's index.
     *
     * @param warnings takes a sentence for each fragment that cannot be used and is made anew
     */
    public IndexMaintenance(TenantReader tenant, Consumer<String> warnings) {
        this.tenant = tenant;
        this.merger = new FragmentMerger(tenant.sealedLog(), warnings);
    }

    /**
     * What a check found.
     *
     * @param events how many sealed events were looked at
     * @param findings a sentence for each fragment that cannot be used, and for each that hides records
     */
    public record Report(long events, List<String> findings) {
        /** Copies the list. */
        public Report {
            findings = List.copyOf(findings);
        }
    }

    /** Makes as few fragments as there can be; returns how many files were written. */
    public int merge() throws IOException {
        tenant.requireWritable();
        return merger.mergeAll();
    }

    /** Makes all fragments anew out of the log; returns how many files were written. */
    public int rebuild() throws IOException {
        tenant.requireWritable();
        return merger.rebuild();
    }

    /** Compares the index with the counts of each actor's records that the seals have committed to. */
    public Report check() throws IOException {
        List<String> findings = new ArrayList<>();
        long events = new IndexCheck(tenant.sealedLog(), findings::add).run();
        return new Report(events, findings);
    }
}
