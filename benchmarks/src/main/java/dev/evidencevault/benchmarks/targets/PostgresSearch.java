package dev.evidencevault.benchmarks.targets;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The search of the audit table, over a connection that stays open. Words and parts of them have no index there. */
final class PostgresSearch implements SearchTarget {
    private static final int FETCH_ROWS = 1000;

    private final PostgresCluster cluster;
    private final Connection connection;

    PostgresSearch(Path directory) throws IOException {
        this.cluster = PostgresCluster.open(directory);
        try {
            this.connection = DriverManager.getConnection(cluster.url());
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                // What a server's own housekeeping would have done in the meantime.
                connection.setAutoCommit(true);
                statement.execute("vacuum analyze audit");
                connection.setAutoCommit(false);
            }
        } catch (SQLException e) {
            cluster.close();
            throw new IOException("PostgreSQL did not accept a connection", e);
        }
    }

    private long rows(String sql, String... values) throws IOException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setFetchSize(FETCH_ROWS);
            for (int i = 0; i < values.length; i++) {
                statement.setString(i + 1, values[i]);
            }
            long rows = 0;
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    rows += result.getString(1) == null ? 0 : 1;
                }
            }
            return rows;
        } catch (SQLException e) {
            throw new IOException("PostgreSQL did not answer", e);
        }
    }

    @Override
    public long ofActor(String actor) throws IOException {
        return rows(
                "select line from audit where tenant = ? and actor = ? order by seq",
                AppendTarget.tenantName(0),
                actor);
    }

    @Override
    public long firstOfActor(String actor, int limit) throws IOException {
        return rows(
                "select line from audit where tenant = ? and actor = ? order by seq limit " + limit,
                AppendTarget.tenantName(0),
                actor);
    }

    @Override
    public long withWord(String word) throws IOException {
        return rows(
                "select line from audit where tenant = ? and line ~* ?",
                AppendTarget.tenantName(0),
                "\\m" + word + "\\M");
    }

    @Override
    public long holding(String text) throws IOException {
        return rows(
                "select line from audit where tenant = ? and line like ?",
                AppendTarget.tenantName(0),
                "%" + text + "%");
    }

    @Override
    public long histogram(String actor) throws IOException {
        return sum(
                "select recorded_at / 3600000, count(*) from audit where tenant = ? and actor = ? group by 1",
                AppendTarget.tenantName(0),
                actor);
    }

    private long sum(String sql, String... values) throws IOException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setString(i + 1, values[i]);
            }
            long sum = 0;
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    sum += result.getLong(2);
                }
            }
            return sum;
        } catch (SQLException e) {
            throw new IOException("PostgreSQL did not answer", e);
        }
    }

    @Override
    public long actors() throws IOException {
        return rows("select actor, count(*) from audit where tenant = ? group by actor", AppendTarget.tenantName(0));
    }

    @Override
    public void forget() {}

    @Override
    public void close() throws IOException {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IOException("PostgreSQL did not let the connection go", e);
        } finally {
            cluster.close();
        }
    }
}
