package dev.evidencevault.benchmarks.targets;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicLong;

/** SQLite with a write-ahead log that is synced at each commit. It has one writer: producers share the connection. */
final class SqliteTarget implements AppendTarget {
    static final String FILE = "audit.db";

    private final Connection connection;
    private final String[] tenants;
    private final AtomicLong seq = new AtomicLong();

    SqliteTarget(Path directory, int tenants) throws IOException {
        Files.createDirectory(directory);
        try {
            this.connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve(FILE));
            try (Statement statement = connection.createStatement()) {
                statement.execute("pragma journal_mode=wal");
                statement.execute("pragma synchronous=full");
                statement.execute(SqlProducer.TABLE);
                statement.execute(SqlProducer.TIME_INDEX);
                statement.execute(SqlProducer.ACTOR_INDEX);
            }
            connection.setAutoCommit(false);
        } catch (SQLException e) {
            throw new IOException("SQLite did not open", e);
        }
        this.tenants = AppendTarget.tenantNames(tenants);
    }

    @Override
    public Producer producer() throws IOException {
        try {
            return new SqlProducer(connection, false, tenants, seq);
        } catch (SQLException e) {
            throw new IOException("SQLite did not take a statement", e);
        }
    }

    @Override
    public void settle() {}

    @Override
    public void close() throws IOException {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IOException("SQLite did not close", e);
        }
    }
}
