package dev.evidencevault.benchmarks.targets;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Something that events are appended to: the vault, and what one would use without it. Safe for use by several threads,
 * each with a {@link Producer} of its own. Closing it finishes what was appended.
 */
public interface AppendTarget extends Closeable {
    /** What an event that is done survives. */
    enum Durability {
        /** A crash of the machine: it was synced before it was acknowledged. */
        DURABLE,
        /** A crash of the process, at most: it was handed to the operating system, or only to a buffer. */
        UNSYNCED
    }

    /** The targets that there are. Each writes into a directory that does not exist yet. */
    enum Kind {
        /** Evidence Vault with the search index: encrypted by tenant, sealed and anchored while it is measured. */
        VAULT(Durability.DURABLE) {
            @Override
            public AppendTarget open(Path directory, int tenants) throws IOException {
                return new VaultTarget(directory, tenants, VaultTarget.indexed());
            }
        },
        /** Evidence Vault without the search index, which is an option; all else as above. */
        VAULT_NO_INDEX(Durability.DURABLE) {
            @Override
            public AppendTarget open(Path directory, int tenants) throws IOException {
                return new VaultTarget(directory, tenants, VaultTarget.plain());
            }
        },
        /** Plain lines written to one file by the caller, one fdatasync for every 1,000. */
        RAW_1000(Durability.DURABLE) {
            @Override
            public AppendTarget open(Path directory, int tenants) throws IOException {
                return new RawFileTarget(directory, tenants);
            }
        },
        /** Plain lines in one file with group commit: one write and one fdatasync for all that waits. */
        RAW_GROUP(Durability.DURABLE) {
            @Override
            public AppendTarget open(Path directory, int tenants) throws IOException {
                return new GroupCommitTarget(directory, tenants);
            }
        },
        /** Logback's file appender, each line handed to the operating system at once. */
        LOGBACK_IMMEDIATE(Durability.UNSYNCED) {
            @Override
            public AppendTarget open(Path directory, int tenants) throws IOException {
                return new LogbackTarget(directory, tenants, true);
            }
        },
        /** Logback's file appender with its buffer. */
        LOGBACK_BUFFERED(Durability.UNSYNCED) {
            @Override
            public AppendTarget open(Path directory, int tenants) throws IOException {
                return new LogbackTarget(directory, tenants, false);
            }
        },
        /** Log4j 2's asynchronous loggers over its random access file. */
        LOG4J2_ASYNC(Durability.UNSYNCED) {
            @Override
            public AppendTarget open(Path directory, int tenants) throws IOException {
                return new Log4jTarget(directory, tenants);
            }
        },
        /** Chronicle Queue, memory-mapped and not synced. */
        CHRONICLE_QUEUE(Durability.UNSYNCED) {
            @Override
            public AppendTarget open(Path directory, int tenants) throws IOException {
                return new ChronicleTarget(directory, tenants);
            }
        },
        /** RocksDB, 1,000 events in a synced batch. */
        ROCKSDB(Durability.DURABLE) {
            @Override
            public AppendTarget open(Path directory, int tenants) throws IOException {
                return new RocksDbTarget(directory, tenants);
            }
        },
        /** SQLite, an audit table with two indexes, 1,000 events in a synced transaction. */
        SQLITE(Durability.DURABLE) {
            @Override
            public AppendTarget open(Path directory, int tenants) throws IOException {
                return new SqliteTarget(directory, tenants);
            }
        },
        /** A plain Lucene index with a document for each event, committed in the end. */
        LUCENE(Durability.UNSYNCED) {
            @Override
            public AppendTarget open(Path directory, int tenants) throws IOException {
                return new LuceneTarget(directory, tenants);
            }
        },
        /** PostgreSQL, an audit table with two indexes, 1,000 events in a synced transaction. */
        POSTGRESQL(Durability.DURABLE) {
            @Override
            public AppendTarget open(Path directory, int tenants) throws IOException {
                return new PostgresTarget(directory, tenants);
            }

            @Override
            public @Nullable String missing() {
                return PostgresCluster.programs() == null ? "no PostgreSQL server (initdb, postgres) was found" : null;
            }
        };

        private final Durability durability;

        Kind(Durability durability) {
            this.durability = durability;
        }

        /** Opens the target for this many tenants. */
        public abstract AppendTarget open(Path directory, int tenants) throws IOException;

        /** Returns what an event that is done survives. */
        public Durability durability() {
            return durability;
        }

        /** Returns why this target cannot run on this machine; null if it can. */
        public @Nullable String missing() {
            return null;
        }

        /** Says whether this is a vault. */
        public boolean isVault() {
            return this == VAULT || this == VAULT_NO_INDEX;
        }
    }

    /** What one thread appends through. Belongs to that thread. */
    interface Producer extends Closeable {
        /** Appends an event to the log of a tenant, and may return before it is done. Blocks while too much waits. */
        void append(int tenant, Sample sample) throws IOException;

        /**
         * Appends an event and runs this when it is as durable as the target makes it, in any thread. A target that
         * gathers events before it writes them may need further events or {@link #awaitDone} for that.
         */
        void append(int tenant, Sample sample, Runnable done) throws IOException;

        /** Returns when all that this producer appended is as durable as the target makes it. */
        void awaitDone() throws IOException;

        /** Lets the producer go. What was appended and not waited for may be lost. */
        @Override
        void close() throws IOException;
    }

    /** Returns a producer for the calling thread. */
    Producer producer() throws IOException;

    /** Brings all that is done into its final form: the vault seals and anchors it, buffers are handed on. */
    void settle() throws IOException;

    /** Returns the name of a tenant. */
    static String tenantName(int tenant) {
        return "tenant-" + tenant;
    }

    /** Returns the names of the first tenants. */
    static String[] tenantNames(int tenants) {
        String[] names = new String[tenants];
        for (int tenant = 0; tenant < tenants; tenant++) {
            names[tenant] = tenantName(tenant);
        }
        return names;
    }
}
