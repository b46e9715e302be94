package dev.evidencevault.benchmarks.targets;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.rocksdb.FlushOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/** RocksDB: a line under its tenant and number, 1,000 in a batch whose log is synced. Its options are the defaults. */
final class RocksDbTarget implements AppendTarget {
    private final Options options = new Options().setCreateIfMissing(true);
    private final WriteOptions synced = new WriteOptions().setSync(true);
    private final RocksDB database;
    private final String[] tenants;
    private final AtomicLong seq = new AtomicLong();

    RocksDbTarget(Path directory, int tenants) throws IOException {
        RocksDB.loadLibrary();
        try {
            this.database = RocksDB.open(options, directory.toString());
        } catch (RocksDBException e) {
            throw new IOException("RocksDB did not open", e);
        }
        this.tenants = AppendTarget.tenantNames(tenants);
    }

    @Override
    public Producer producer() {
        return new RocksDbProducer();
    }

    /** Returns when all that was written is in sorted tables. */
    @Override
    public void settle() throws IOException {
        try (FlushOptions waiting = new FlushOptions().setWaitForFlush(true)) {
            database.flush(waiting);
        } catch (RocksDBException e) {
            throw new IOException("RocksDB did not flush", e);
        }
    }

    @Override
    public void close() {
        database.close();
        synced.close();
        options.close();
    }

    private final class RocksDbProducer extends BatchProducer {
        private final EventLine line = new EventLine();
        private final WriteBatch batch = new WriteBatch();
        private final byte[] key = new byte[Integer.BYTES + Long.BYTES];

        @Override
        void add(int tenant, Sample sample) throws IOException {
            long number = seq.getAndIncrement();
            int length = line.encode(tenants[tenant], number, sample);
            ByteBuffer.wrap(key).putInt(tenant).putLong(number);
            try {
                batch.put(key, Arrays.copyOf(line.array(), length));
            } catch (RocksDBException e) {
                throw new IOException("RocksDB did not take a line", e);
            }
        }

        @Override
        void commit() throws IOException {
            try {
                database.write(synced, batch);
                batch.clear();
            } catch (RocksDBException e) {
                throw new IOException("RocksDB did not write", e);
            }
        }

        @Override
        public void close() {
            batch.close();
        }
    }
}
