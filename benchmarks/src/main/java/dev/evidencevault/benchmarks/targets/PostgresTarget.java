package dev.evidencevault.benchmarks.targets;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicLong;

/** PostgreSQL in a cluster of its own, with fsync. Each producer has a connection. */
final class PostgresTarget implements AppendTarget {
    private final PostgresCluster cluster;
    private final String[] tenants;
    private final AtomicLong seq = new AtomicLong();

    PostgresTarget(Path directory, int tenants) throws IOException {
        this.cluster = PostgresCluster.create(directory);
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(SqlProducer.TABLE);
            statement.execute(SqlProducer.TIME_INDEX);
            statement.execute(SqlProducer.ACTOR_INDEX);
        } catch (SQLException e) {
            cluster.close();
            throw new IOException("PostgreSQL did not make the table", e);
        }
        this.tenants = AppendTarget.tenantNames(tenants);
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(cluster.url() + "&reWriteBatchedInserts=true");
    }

    @Override
    public Producer producer() throws IOException {
        try {
            Connection connection = connect();
            connection.setAutoCommit(false);
            return new SqlProducer(connection, true, tenants, seq);
        } catch (SQLException e) {
            throw new IOException("PostgreSQL did not accept a connection", e);
        }
    }

    @Override
    public void settle() {}

    @Override
    public void close() throws IOException {
        cluster.close();
    }
}
