package dev.evidencevault.benchmarks;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Future;

/**
 * Something that events are appended to: the vault, and what one would use without it. Safe for use by several threads.
 * Closing it finishes what was appended.
 */
public interface AppendTarget extends Closeable {
    /** The targets that there are. Each writes into a directory that does not exist yet. */
    enum Kind {
        /** Evidence Vault: encrypted by tenant, one fdatasync a commit; sealed and anchored while it is measured. */
        EVIDENCE_VAULT {
            @Override
            AppendTarget open(Path directory, int tenants) throws IOException {
                return new VaultTarget(directory, tenants);
            }
        },
        /** A log file in plain text, one fdatasync for all events that wait. */
        PLAIN_SYNCED {
            @Override
            AppendTarget open(Path directory, int tenants) throws IOException {
                return new SyncedFileTarget(directory);
            }
        },
        /** A log file in plain text, as logging libraries write it: buffered and never synced. */
        PLAIN_UNSYNCED {
            @Override
            AppendTarget open(Path directory, int tenants) throws IOException {
                return new UnsyncedFileTarget(directory);
            }
        };

        /** Opens the target for this many tenants. */
        abstract AppendTarget open(Path directory, int tenants) throws IOException;
    }

    /** Appends an event to the log of a tenant; done when it is as durable as this target makes it. */
    Future<?> append(int tenant, SampleEvents.Sample sample);

    /** Returns the name of a tenant. */
    static String tenantName(int tenant) {
        return "tenant-" + tenant;
    }
}
