package dev.evidencevault.evidence;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The script of a bundle as a program that is run. */
final class VerifyScript {
    private VerifyScript() {}

    /** What came of a run. */
    record Run(int code, String out, String err) {
        List<String> lines(String start) {
            return out.lines().filter(line -> line.startsWith(start)).toList();
        }

        @Override
        public String toString() {
            return code + "\n" + out + err;
        }
    }

    /** Returns whether the OpenSSL that the script needs is there. */
    static boolean hasOpenssl() throws Exception {
        try {
            Process process = new ProcessBuilder("openssl", "version").start();
            String version = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 && version.matches("(?s)OpenSSL ([3-9]|[1-9][0-9])\\..*");
        } catch (IOException e) {
            return false;
        }
    }

    /** Writes the files of a bag into a directory. */
    static Path unpack(Map<String, byte[]> files, Path to) throws IOException {
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Files.createDirectories(to.resolve(file.getKey()).getParent());
            Files.write(to.resolve(file.getKey()), file.getValue());
        }
        return to;
    }

    /** Runs a script in the directory of a bag; what it prints is kept in a directory beside it. */
    static Run run(Path script, Path bag, Path directory, Object... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("sh", script.toString()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        Process process = new ProcessBuilder(command)
                .directory(bag.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), "the script did not end");
        return new Run(process.exitValue(), Files.readString(out), Files.readString(err));
    }
}
