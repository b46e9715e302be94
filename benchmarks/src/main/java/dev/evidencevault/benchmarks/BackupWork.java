package dev.evidencevault.benchmarks;

import dev.evidencevault.Vault;
import dev.evidencevault.VaultOptions;
import dev.evidencevault.benchmarks.targets.VaultTarget;
import dev.evidencevault.deposit.Deposit;
import dev.evidencevault.deposit.DepositProgress;
import dev.evidencevault.deposit.Item;
import dev.evidencevault.deposit.TenantBackups;
import dev.evidencevault.deposit.TenantBackups.PutOptions;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * A backup of a directory and its restore, beside {@code tar} and {@code zstd} at the same level, with one thread for
 * compression: seconds, and processor time of all threads and processes. The directory has lines of logs in large files, a third
 * as much that does not compress, and small files. All is in the memory in which the system keeps files when it is read, and
 * a backup is synced, the peer's too. Beside {@link BackupProgram programs for backups} as well, where they are found on the path.
 */
final class BackupWork {
    private static final int LINES_PER_FILE = 200_000;
    private static final int SMALL_FILES = 4_000;
    private static final int SMALL_LINES_MAX = 100;
    private static final int WORDS = 5_000;
    private static final int TIMES = 3;

    private final Path directory;
    private final List<BackupProgram> programs;
    private final Random random = new Random(20260101);
    private final List<String> words = new ArrayList<>();
    private final Map<String, Object> result = new LinkedHashMap<>();

    private BackupWork(Path directory, List<BackupProgram> programs) {
        this.directory = directory;
        this.programs = programs;
    }

    static Map<String, Object> measure(Setting setting) throws Exception {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return new BackupWork(setting.path("backup"), BackupProgram.on(path)).run(setting.events());
    }

    /** What is measured. */
    private interface Work {
        /** Works and returns the processor time in seconds. */
        double run() throws Exception;
    }

    private Map<String, Object> run(long lines) throws Exception {
        Files.createDirectory(directory);
        Path data = directory.resolve("data");
        write(data, lines);
        result.put("dataBytes", FileTree.bytes(data));
        Path archive = directory.resolve("peer.tar.zst");
        Path target = directory.resolve("restored");
        try (Vault vault = Vault.create(directory.resolve("vault"), VaultTarget.SECRET, VaultOptions.defaults())) {
            TenantBackups backups = vault.tenant("acme").backups();
            Item[] item = new Item[1];
            for (int i = 0; i <= TIMES; i++) {
                // The first is for the compiler, and is not counted.
                boolean counted = i > 0;
                measure(
                        "put",
                        counted,
                        () -> inThisProcess(() -> item[0] = backups.put(
                                        data, Deposit.of("data", "files"), new PutOptions(false, DepositProgress.NONE))
                                .item()));
                measure(
                        "tarZstd",
                        counted,
                        () -> BackupProgram.shell(
                                directory,
                                "tar -C '" + directory + "' -cf - data | zstd -q -1 -T1 -f -o '" + archive
                                        + "' && sync '" + archive + "'"));
                measure(
                        "putAgain",
                        counted,
                        () -> inThisProcess(
                                () -> backups.put(data, Deposit.of("data", "files"), PutOptions.defaults())));
                measure(
                        "restore",
                        counted,
                        () -> inThisProcess(() -> backups.restore(item[0], target, DepositProgress.NONE)));
                FileTree.purge(target);
                Files.createDirectory(target);
                measure(
                        "zstdTar",
                        counted,
                        () -> BackupProgram.shell(
                                directory, "zstd -q -d -c '" + archive + "' | tar -C '" + target + "' -xf -"));
                FileTree.purge(target);
            }
            result.put(
                    "keptBytes",
                    backups.packs(item[0]).keySet().stream()
                            .mapToLong(this::size)
                            .sum());
        }
        result.put("peerBytes", Files.size(archive));
        List<String> measured = new ArrayList<>(List.of("put", "putAgain", "restore", "tarZstd", "zstdTar"));
        for (BackupProgram program : programs) {
            measured.addAll(program(program, target));
        }
        for (String name : measured) {
            result.put(name + "Seconds", (double) result.getOrDefault(name + "Seconds", 0.0) / TIMES);
            result.put(name + "Cpu", (double) result.getOrDefault(name + "Cpu", 0.0) / TIMES);
        }
        result.put("putToPeer", ratio("tarZstd", "put"));
        result.put("restoreToPeer", ratio("zstdTar", "restore"));
        return result;
    }

    /** Measures another program; returns the names of what was measured. */
    private List<String> program(BackupProgram program, Path target) throws Exception {
        String name = program.label();
        for (int i = 0; i < TIMES; i++) {
            program.init(directory);
            measure(name + "Put", true, () -> program.put(directory));
            measure(name + "PutAgain", true, () -> program.put(directory));
            Files.createDirectory(target);
            measure(name + "Restore", true, () -> program.restore(directory));
            FileTree.purge(target);
        }
        result.put(name + "Bytes", FileTree.bytes(directory.resolve("repository")));
        return List.of(name + "Put", name + "PutAgain", name + "Restore");
    }

    /** The throughput of one divided by that of the other. */
    private double ratio(String peer, String own) {
        return (double) result.getOrDefault(peer + "Seconds", 0.0) / (double) result.getOrDefault(own + "Seconds", 1.0);
    }

    private void measure(String name, boolean counted, Work work) throws Exception {
        long begun = System.nanoTime();
        double cpu = work.run();
        double seconds = (System.nanoTime() - begun) / 1e9;
        if (counted) {
            result.merge(name + "Seconds", seconds, (a, b) -> (double) a + (double) b);
            result.merge(name + "Cpu", cpu, (a, b) -> (double) a + (double) b);
        }
    }

    /** Something that may fail. */
    private interface Step {
        void run() throws IOException;
    }

    private static double inThisProcess(Step step) throws IOException {
        Cost before = Cost.now();
        step.run();
        return Cost.now().since(before).cpuNanos() / 1e9;
    }

    private long size(long pack) {
        try (var found = Files.walk(directory.resolve("vault/tenants"))) {
            String name = String.format("%08d.evb", pack);
            return Files.size(
                    found.filter(file -> file.endsWith(name)).findFirst().orElseThrow());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(Path data, long lines) throws IOException {
        for (int i = 0; i < WORDS; i++) {
            StringBuilder word = new StringBuilder();
            int length = 3 + random.nextInt(7);
            for (int j = 0; j < length; j++) {
                word.append((char) ('a' + random.nextInt(26)));
            }
            words.add(word.toString());
        }
        Path logs = Files.createDirectories(data.resolve("logs"));
        long bytes = 0;
        for (long first = 0; first < lines; first += LINES_PER_FILE) {
            bytes += text(logs.resolve(first + ".log"), Math.min(LINES_PER_FILE, lines - first));
        }
        Path media = Files.createDirectory(data.resolve("media"));
        byte[] block = new byte[1 << 20];
        try (OutputStream out = Files.newOutputStream(media.resolve("film"))) {
            for (long at = 0; at < bytes / 3; at += block.length) {
                random.nextBytes(block);
                out.write(block);
            }
        }
        for (int i = 0; i < SMALL_FILES; i++) {
            Path small = Files.createDirectories(data.resolve("small/" + i % 50));
            text(small.resolve(i + ".txt"), 1 + random.nextInt(SMALL_LINES_MAX));
        }
    }

    private long text(Path file, long lines) throws IOException {
        long bytes = 0;
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            for (long i = 0; i < lines; i++) {
                StringBuilder line = new StringBuilder("2026-05-01T12:00:").append(10 + random.nextInt(50));
                line.append("Z host-").append(random.nextInt(40)).append(' ').append(random.nextInt(1_000_000));
                for (int word = 0; word < 12; word++) {
                    line.append(' ').append(words.get(random.nextInt(WORDS)));
                }
                byte[] encoded = line.append('\n').toString().getBytes(StandardCharsets.US_ASCII);
                out.write(encoded);
                bytes += encoded.length;
            }
        }
        return bytes;
    }
}
