package dev.evidencevault.benchmarks.targets;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL server with a new cluster, on a free port of the loopback address. It ends with this JVM. It refuses to
 * run as root: then it runs as the user postgres, or nobody, who has to reach the directory.
 */
final class PostgresCluster implements Closeable {
    private static final String CLUSTER = "cluster";
    private static final String LOG = "log";
    private static final int START_SECONDS_MAX = 60;

    /** What is usual on a server; the rest are the defaults: fsync and synchronous_commit are on. */
    private static final List<String> SETTINGS = List.of(
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "shared_buffers=1GB",
            "max_wal_size=4GB",
            "fsync=on",
            "synchronous_commit=on");

    private final Process server;
    private final Thread stopper;
    private final String url;

    private PostgresCluster(Process server, String url) {
        this.server = server;
        this.url = url;
        this.stopper = new Thread(server::destroy);
        Runtime.getRuntime().addShutdownHook(stopper);
    }

    /** Returns where initdb and postgres are; null if they are nowhere. */
    static @Nullable Path programs() {
        List<Path> candidates = new ArrayList<>();
        Path packaged = Path.of("/usr/lib/postgresql");
        if (Files.isDirectory(packaged)) {
            try (Stream<Path> versions = Files.list(packaged)) {
                versions.sorted(Comparator.reverseOrder())
                        .map(version -> version.resolve("bin"))
                        .forEach(candidates::add);
            } catch (IOException e) {
                // Looks elsewhere.
            }
        }
        String path = System.getenv("PATH");
        if (path != null) {
            Stream.of(path.split(File.pathSeparator)).map(Path::of).forEach(candidates::add);
        }
        candidates.add(Path.of("/usr/local/bin"));
        candidates.add(Path.of("/usr/local/pgsql/bin"));
        return candidates.stream()
                .filter(bin -> Files.isExecutable(bin.resolve("initdb")) && Files.isExecutable(bin.resolve("postgres")))
                .findFirst()
                .orElse(null);
    }

    /** Creates and starts one. */
    static PostgresCluster create(Path directory) throws IOException {
        Path programs = requirePrograms();
        Path data = directory.resolve(CLUSTER);
        Files.createDirectories(data);
        List<String> as = asAnother(directory);
        List<String> init = new ArrayList<>(as);
        init.addAll(List.of(
                programs.resolve("initdb").toString(),
                "-D",
                data.toString(),
                "-U",
                "audit",
                "-A",
                "trust",
                "-E",
                "UTF8"));
        init.add("--locale=C");
        Path log = directory.resolve(LOG);
        Process initdb = run(init, directory, log);
        if (await(initdb) != 0) {
            throw new IOException("initdb failed: " + Files.readString(log, UTF_8));
        }
        return start(programs, as, directory);
    }

    /** Starts one that was stopped. */
    static PostgresCluster open(Path directory) throws IOException {
        return start(requirePrograms(), asAnother(directory), directory);
    }

    private static Path requirePrograms() throws IOException {
        Path programs = programs();
        if (programs == null) {
            throw new IOException("PostgreSQL is not installed");
        }
        return programs;
    }

    private static PostgresCluster start(Path programs, List<String> as, Path directory) throws IOException {
        int port = freePort();
        List<String> run = new ArrayList<>(as);
        run.addAll(List.of(
                programs.resolve("postgres").toString(),
                "-D",
                directory.resolve(CLUSTER).toString(),
                "-p",
                Integer.toString(port)));
        SETTINGS.forEach(setting -> run.addAll(List.of("-c", setting)));
        Path log = directory.resolve(LOG);
        PostgresCluster cluster = new PostgresCluster(
                run(run, directory, log), "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=audit");
        cluster.awaitStart(log);
        return cluster;
    }

    /** Gives the directory to a user who may run the server, and returns the beginning of the command for that. */
    private static List<String> asAnother(Path directory) throws IOException {
        if (!System.getProperty("user.name").equals("root")) {
            return List.of();
        }
        for (String name : List.of("postgres", "nobody")) {
            UserPrincipal user;
            try {
                user = directory.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(name);
            } catch (IOException e) {
                continue;
            }
            Files.setOwner(directory, user);
            Files.setOwner(directory.resolve(CLUSTER), user);
            return List.of("setpriv", "--reuid=" + name, "--clear-groups", "--");
        }
        throw new IOException("PostgreSQL does not run as root, and there is neither a user postgres nor nobody");
    }

    private static Process run(List<String> command, Path directory, Path log) throws IOException {
        return new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    private static int await(Process process) throws IOException {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while PostgreSQL worked");
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void awaitStart(Path log) throws IOException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS_MAX);
        while (true) {
            try (Connection connection = DriverManager.getConnection(url)) {
                if (connection.isValid(1)) {
                    return;
                }
            } catch (SQLException e) {
                if (!server.isAlive() || System.nanoTime() > until) {
                    close();
                    throw new IOException("PostgreSQL did not start: " + Files.readString(log, UTF_8), e);
                }
            }
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                close();
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while PostgreSQL started");
            }
        }
    }

    /** Returns where it listens, as JDBC names it, with one parameter. */
    String url() {
        return url;
    }

    /** Stops it, waiting for those who are still connected. */
    @Override
    public void close() throws IOException {
        server.destroy();
        await(server);
        Runtime.getRuntime().removeShutdownHook(stopper);
    }
}
