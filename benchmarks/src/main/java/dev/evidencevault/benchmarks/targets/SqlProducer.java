package dev.evidencevault.benchmarks.targets;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Inserts events into an audit table as services keep one: the columns that are searched and the line itself, with
 * indexes on (tenant, time) and (tenant, actor). 1,000 events make a transaction.
 */
final class SqlProducer extends BatchProducer {
    static final String TABLE = """
            create table audit (
                seq bigint primary key,
                tenant text not null,
                recorded_at bigint not null,
                actor text not null,
                privileged boolean not null,
                action text not null,
                target text,
                line text not null)""";
    static final String TIME_INDEX = "create index audit_time on audit (tenant, recorded_at)";
    static final String ACTOR_INDEX = "create index audit_actor on audit (tenant, actor)";

    private static final String INSERT =
            "insert into audit (seq, tenant, recorded_at, actor, privileged, action, target, line)"
                    + " values (?, ?, ?, ?, ?, ?, ?, ?)";

    private final Connection connection;
    private final boolean owned;
    private final PreparedStatement insert;
    private final String[] tenants;
    private final AtomicLong seq;
    private final EventLine line = new EventLine();

    /**
     * Creates a producer over a connection that commits only when it is told to.
     *
     * @param owned whether the connection is closed with it; if not, others use it, too, and it is locked for a commit
     */
    SqlProducer(Connection connection, boolean owned, String[] tenants, AtomicLong seq) throws SQLException {
        this.connection = connection;
        this.owned = owned;
        this.insert = connection.prepareStatement(INSERT);
        this.tenants = tenants;
        this.seq = seq;
    }

    @Override
    void add(int tenant, Sample sample) throws IOException {
        long number = seq.getAndIncrement();
        int length = line.encode(tenants[tenant], number, sample);
        try {
            insert.setLong(1, number);
            insert.setString(2, tenants[tenant]);
            insert.setLong(3, System.currentTimeMillis());
            insert.setString(4, sample.actor());
            insert.setBoolean(5, sample.privileged());
            insert.setString(6, sample.action());
            insert.setString(7, sample.target());
            insert.setString(8, new String(line.array(), 0, length - 1, UTF_8));
            insert.addBatch();
        } catch (SQLException e) {
            throw new IOException("the database did not take an event", e);
        }
    }

    @Override
    void commit() throws IOException {
        try {
            synchronized (connection) {
                insert.executeBatch();
                connection.commit();
            }
        } catch (SQLException e) {
            throw new IOException("the database did not commit", e);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            insert.close();
            if (owned) {
                connection.close();
            }
        } catch (SQLException e) {
            throw new IOException("the database did not close", e);
        }
    }
}
