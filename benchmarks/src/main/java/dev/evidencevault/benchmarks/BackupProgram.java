package dev.evidencevault.benchmarks;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A program that keeps backups as the vault does, encrypted and each chunk once, with the compression that is nearest to the vault's.
 * What it writes is synced before it counts as done.
 */
enum BackupProgram {
    /** Reads every file again, as the vault does, whatever its time of change; keeps no cache. */
    RESTIC(
            "RESTIC_PASSWORD=x restic -q --no-cache -r repository init",
            "RESTIC_PASSWORD=x restic -q --no-cache -r repository --compression auto backup --force data"
                    + " && sync -f repository",
            "RESTIC_PASSWORD=x restic -q --no-cache -r repository restore latest --target restored"),
    /** Likewise; its own files lie beside the repository and not in the user's home. */
    BORG(
            "BORG_BASE_DIR=\"$PWD/borg\" BORG_PASSPHRASE=x borg init -e repokey-blake2 repository",
            "BORG_BASE_DIR=\"$PWD/borg\" BORG_PASSPHRASE=x borg create --compression zstd,1 --files-cache disabled"
                    + " repository::'{now:%s.%f}' data && sync -f repository",
            "repository=\"$PWD/repository\" BORG_BASE_DIR=\"$PWD/borg\" BORG_PASSPHRASE=x sh -c"
                    + " 'cd restored && borg extract \"$repository::$(borg list --last 1 --short \"$repository\")\"'");

    /** What the shell's {@code times} says of its children, in its second line. */
    private static final Pattern CHILDREN =
            Pattern.compile(".*\\n(\\d+)m([\\d.]+)s (\\d+)m([\\d.]+)s\\s*", Pattern.DOTALL);

    private final String init;
    private final String put;
    private final String restore;

    BackupProgram(String init, String put, String restore) {
        this.init = init;
        this.put = put;
        this.restore = restore;
    }

    /** Returns those that are on a path of directories, as an environment has it. */
    static List<BackupProgram> on(String path) {
        return Arrays.stream(values())
                .filter(program -> Arrays.stream(path.split(Pattern.quote(File.pathSeparator), -1))
                        .filter(directory -> !directory.isEmpty())
                        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program.label()))))
                .toList();
    }

    /** Returns its name, as the results have it. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Makes a new repository in a directory, in place of one that is there. */
    void init(Path in) throws IOException, InterruptedException {
        FileTree.purge(in.resolve("repository"));
        shell(in, init);
    }

    /** Backs up what is in {@code data} there; returns the processor time in seconds. */
    double put(Path in) throws IOException, InterruptedException {
        return shell(in, put);
    }

    /** Restores the latest into {@code restored} there, which is empty; returns the processor time in seconds. */
    double restore(Path in) throws IOException, InterruptedException {
        return shell(in, restore);
    }

    /** Runs a command in a directory; returns the processor time of its processes in seconds. */
    static double shell(Path in, String command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sh", "-c", "{ " + command + "; }; code=$?; times; exit $code")
                .directory(in.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Matcher children = CHILDREN.matcher(said);
        if (process.waitFor() != 0 || !children.matches()) {
            throw new IOException(command + " failed: " + said);
        }
        return 60 * (Double.parseDouble(children.group(1)) + Double.parseDouble(children.group(3)))
                + Double.parseDouble(children.group(2))
                + Double.parseDouble(children.group(4));
    }
}
