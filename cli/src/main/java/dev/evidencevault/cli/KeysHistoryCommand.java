package dev.evidencevault.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.KeyHistory;
import dev.evidencevault.format.Succession;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.LocalStorage;
import dev.evidencevault.storage.Settings;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Shows which signing keys a vault has had. */
@CommandLine.Command(
        name = "history",
        description = "Show the keys that a vault has signed with, and which of its checkpoints each of them signs.")
final class KeysHistoryCommand extends Command {
    @Option(names = "--vault", paramLabel = "DIR", required = true, description = "the vault's directory")
    private Path vault = Path.of("");

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "write the successions into a new file, for --successions of those who verify")
    private @Nullable Path out;

    KeysHistoryCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() throws IOException {
        KeyHistory history = Settings.read(new Layout(vault)).keys();
        if (out != null) {
            if (Files.exists(out)) {
                throw new FileAlreadyExistsException(out.toString());
            }
            if (history.successions().isEmpty()) {
                throw new UsageException("the vault has had one key only: there is no succession to write");
            }
            new LocalStorage().replace(out, history.format());
        }
        ObjectNode json = Json.object();
        ArrayNode keys = json.putArray("keys");
        long from = 1;
        for (Succession succession : history.successions()) {
            put(
                    keys,
                    succession.before().verifier().format(),
                    from,
                    succession.head().size());
            from = succession.head().size() + 1;
        }
        put(keys, history.current().verifier().format(), from, null);
        if (json()) {
            print(json);
        } else {
            keys.forEach(key -> print(String.format(
                    "checkpoints from %d%s: %s",
                    key.path("from").asLong(),
                    key.has("to") ? " to " + key.path("to").asLong() : " on",
                    key.path("verifierKey").asText())));
        }
        return ExitCode.PASSED;
    }

    private static void put(ArrayNode keys, String key, long from, @Nullable Long to) {
        ObjectNode entry = keys.addObject().put("verifierKey", key).put("from", from);
        if (to != null) {
            entry.put("to", to);
        }
    }
}
