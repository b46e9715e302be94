package dev.evidencevault.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.evidencevault.crypto.note.CosignatureVerifier;
import dev.evidencevault.crypto.note.NoteVerifier;
import dev.evidencevault.docs.FormatVectors;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.KeyHistory;
import dev.evidencevault.format.Succession;
import dev.evidencevault.verify.VerificationReport;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The verifier in Python, which was written from the documents of the formats alone: whatever ours says of a bundle, it
 * has to say too. One process answers for many bundles. Where there is no Python 3.9 nothing is compared, and that is said.
 */
public final class SecondVerifier {
    /** Runs the command once for each list of arguments on standard input, and prints what it printed on one line. */
    private static final String DRIVER = """
            import contextlib, io, json, sys
            sys.path.insert(0, sys.argv[1])
            import evault_verify
            if sys.version_info < (3, 9):
                sys.exit(1)
            print('ready', flush=True)
            for arguments in sys.stdin:
                out = io.StringIO()
                try:
                    with contextlib.redirect_stdout(out):
                        code = evault_verify.main(json.loads(arguments))
                except SystemExit as e:
                    code = e.code
                report = json.loads(out.getvalue())
                report['exitCode'] = code
                print(json.dumps(report), flush=True)
            """;

    private static final AtomicBoolean TOLD = new AtomicBoolean();

    private static @Nullable SecondVerifier instance;

    private final BufferedWriter to;
    private final BufferedReader from;

    private SecondVerifier(Process process) {
        this.to = process.outputWriter(StandardCharsets.UTF_8);
        this.from = process.inputReader(StandardCharsets.UTF_8);
    }

    private static @Nullable SecondVerifier start() {
        try {
            Process process = new ProcessBuilder(
                            "python3",
                            "-c",
                            DRIVER,
                            FormatVectors.repository("verifier").toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            SecondVerifier verifier = new SecondVerifier(process);
            return "ready".equals(verifier.from.readLine()) ? verifier : null;
        } catch (IOException e) {
            return null;
        }
    }

    /** Requires that the second verifier says of a bundle what ours said. */
    public static void requireAgreement(Path bundle, VerificationReport ours) throws IOException {
        requireAgreement(bundle, ours, List.of());
    }

    /** Requires that the second verifier says of a bundle what ours said, who wanted these witnesses' lines. */
    public static void requireAgreement(Path bundle, VerificationReport ours, List<CosignatureVerifier> witnesses)
            throws IOException {
        List<String> arguments = new ArrayList<>();
        witnesses.forEach(witness -> arguments.addAll(List.of("--witness", witness.format())));
        requireAgreement(bundle, ours, arguments.toArray(String[]::new));
    }

    /** Requires that the second verifier says of a bundle what ours said, who had this key and knew these successions. */
    public static void requireAgreement(
            Path bundle, VerificationReport ours, @Nullable NoteVerifier key, List<Succession> known)
            throws IOException {
        List<String> arguments = new ArrayList<>();
        if (key != null) {
            arguments.addAll(List.of("--key", key.format()));
        }
        if (!known.isEmpty()) {
            KeyHistory history = KeyHistory.upTo(known.get(known.size() - 1).after(), known);
            Path file = Files.write(bundle.resolveSibling("successions.json"), history.format());
            arguments.addAll(List.of("--successions", file.toAbsolutePath().toString()));
        }
        requireAgreement(bundle, ours, arguments.toArray(String[]::new));
    }

    private static synchronized void requireAgreement(Path bundle, VerificationReport ours, String... options)
            throws IOException {
        if (instance == null && !TOLD.get()) {
            instance = start();
        }
        SecondVerifier second = instance;
        if (second == null) {
            if (TOLD.compareAndSet(false, true)) {
                System.out.println(
                        "[skipped] python3 of version 3.9 or later is not there: bundles are verified once only");
            }
            return;
        }
        List<String> arguments = new ArrayList<>(List.of(bundle.toAbsolutePath().toString()));
        arguments.addAll(List.of(options));
        second.to.write(Json.mapper().writeValueAsString(arguments) + "\n");
        second.to.flush();
        String answer = second.from.readLine();
        if (answer == null) {
            instance = null;
            throw new IOException("the second verifier ended");
        }
        JsonNode theirs = Json.mapper().readTree(answer);
        assertEquals(
                ours.verdict().label(),
                theirs.path("verdict").asText(),
                () -> "of " + bundle + " ours: " + ours + ", theirs: " + theirs);
        int code = switch (ours.verdict()) {
            case PASSED -> 0;
            case FAILED -> 3;
            case INDETERMINATE -> 4;
        };
        assertEquals(code, theirs.path("exitCode").asInt());
    }
}
