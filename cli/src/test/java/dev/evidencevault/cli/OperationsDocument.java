package dev.evidencevault.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.evidencevault.Event;
import dev.evidencevault.Vault;
import dev.evidencevault.VaultOptions;
import dev.evidencevault.crypto.keys.VaultSecret;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Runs the commands of docs/operations.md one after the other: what is below {@code /srv} lies in a directory of the test.
 * Blocks with a path behind their language are files; those with {@code s3} need an object store. What the shell does, and what
 * uses the token, runs in a process of its own (SunPKCS11 reads where the tokens are once in a process); the rest in this one, which
 * is sooner.
 */
final class OperationsDocument {
    private static final Pattern BLOCK =
            Pattern.compile("```(sh|ini|json)(?: (s3|/srv/\\S+))?\\n(.*?)\\n```", Pattern.DOTALL);
    private static final Pattern ENDS = Pattern.compile("(.*) # ([0-9]+)");

    /** A command without anything that only a shell does. */
    private static final Pattern ALONE = Pattern.compile("\\./evault [^|&<>$\"]*");

    private static final Pattern WORD = Pattern.compile("'[^']*'|\\S+");

    /** The end of a place in an object store, in which the document names a region only. */
    private static final Pattern REGION = Pattern.compile("\\?region=[a-z0-9-]+");

    private static final String LIBRARY = "/usr/lib/softhsm/libsofthsm2.so";

    private final Path directory;
    private final @Nullable String endpoint;
    private final Map<String, String> environment = new TreeMap<>(Evault.ENVIRONMENT);

    /** Prepares a run without an object store, in an empty directory. */
    OperationsDocument(Path directory) {
        this(directory, null, Map.of());
    }

    /**
     * Prepares a run with an object store.
     *
     * @param endpoint where it answers
     * @param credentials where its credentials stand, as in an environment
     */
    OperationsDocument(Path directory, @Nullable String endpoint, Map<String, String> credentials) {
        this.directory = directory;
        this.endpoint = endpoint;
        environment.putAll(credentials);
    }

    private String here(String text) {
        String at = text.replace("/srv/", directory + "/");
        return endpoint == null ? at : REGION.matcher(at).replaceAll("$0&endpoint=" + endpoint);
    }

    /** Runs all commands; each has to end as the document says. Returns how many there were that use the object store. */
    int run() throws Exception {
        assumeTrue(
                Files.exists(Path.of(LIBRARY)) && isOnThePath("softhsm2-util") && isOnThePath("sh"),
                "skipped: softhsm2-util or " + LIBRARY + " is not there");
        Files.writeString(
                directory.resolve("softhsm2.conf"),
                "directories.tokendir = " + Files.createDirectory(directory.resolve("tokens"))
                        + "\nobjectstore.backend = file\n");
        String evault = launcher();
        writeVault();
        String document =
                Files.readString(Path.of(System.getProperty("evidencevault.root", "."), "docs", "operations.md"));
        int commands = 0;
        int inStore = 0;
        for (MatchResult block : BLOCK.matcher(document).results().toList()) {
            String behind = String.valueOf(block.group(2));
            if (!block.group(1).equals("sh")) {
                Files.writeString(Path.of(here(behind)), here(block.group(3)) + "\n");
                continue;
            }
            if (behind.equals("s3") && endpoint == null) {
                continue;
            }
            for (String line : block.group(3).lines().toList()) {
                command(line, evault);
                commands++;
                inStore += behind.equals("s3") ? 1 : 0;
            }
        }
        assertTrue(commands > 20, "only " + commands);
        return inStore;
    }

    private void writeVault() throws Exception {
        try (Vault vault = Vault.create(
                directory.resolve("vault"),
                VaultSecret.passphrase("correct horse"),
                VaultOptions.defaults().withArgon2MemoryKib(64))) {
            for (int n = 0; n < 5; n++) {
                vault.tenant("acme").appendAndWait(Event.of("document.read").build());
                vault.tenant("initech").appendAndWait(Event.of("report.file").build());
            }
        }
    }

    private void command(String line, String evault) throws Exception {
        var ends = ENDS.matcher(line);
        boolean other = ends.matches();
        String command = other ? ends.group(1) : line;
        int code = other ? Integer.parseInt(ends.group(2)) : 0;
        if (ALONE.matcher(command).matches() && !command.contains("--tenant-keys")) {
            Evault.run(environment, "", (Object[]) words(here(command)).toArray(String[]::new))
                    .ends(code);
        } else {
            run(here(command).replace("./evault ", evault + " "), code);
        }
    }

    /** The words of a command behind its name; what stands between apostrophes is one. */
    private static List<String> words(String command) {
        return WORD.matcher(command)
                .results()
                .skip(1)
                .map(word -> word.group().replace("'", ""))
                .toList();
    }

    /** A program that runs the command line of this build. */
    private String launcher() throws Exception {
        String java = ProcessHandle.current().info().command().orElse("java");
        String classes = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Path arguments = Files.writeString(
                directory.resolve("evault.args"),
                "-XX:+UseSerialGC\n-XX:TieredStopAtLevel=1\n--enable-native-access=ALL-UNNAMED\n-cp\n\"" + classes
                        + "\"\n" + Main.class.getName() + "\n");
        return java + " @" + arguments;
    }

    private void run(String command, int expected) throws Exception {
        List<String> words = new ArrayList<>(List.of("sh", "-c", command));
        Path said = directory.resolve("said");
        ProcessBuilder builder = new ProcessBuilder(words)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile());
        builder.environment().putAll(environment);
        builder.environment()
                .put("SOFTHSM2_CONF", directory.resolve("softhsm2.conf").toString());
        builder.environment()
                .merge(
                        "PATH",
                        Path.of(System.getProperty("java.home"), "bin").toString(),
                        (path, java) -> java + File.pathSeparator + path);
        int code = builder.start().waitFor();
        assertEquals(expected, code, command + ":\n" + Files.readString(said, StandardCharsets.UTF_8));
    }

    private static boolean isOnThePath(String program) {
        String path = String.valueOf(System.getenv("PATH"));
        return Arrays.stream(path.split(Pattern.quote(File.pathSeparator), -1))
                .anyMatch(each -> Files.isExecutable(Path.of(each, program)));
    }
}
