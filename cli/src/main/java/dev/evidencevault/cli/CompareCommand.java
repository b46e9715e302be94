package dev.evidencevault.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.format.Json;
import dev.evidencevault.verify.HistoryComparison;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Compares two views of a vault. */
@CommandLine.Command(
        name = "compare",
        description = "Compare two checkpoints, bundles or vaults: does one continue the other, or are there two"
                + " histories?")
final class CompareCommand extends Command {
    @Parameters(index = "0", paramLabel = "A", description = "a signed checkpoint, a bundle or a vault's directory")
    private Path first = Path.of("");

    @Parameters(index = "1", paramLabel = "B", description = "another")
    private Path second = Path.of("");

    @Mixin
    private KeyOption key = new KeyOption();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "a new directory: if there are two histories, the two checkpoints that prove it to everybody")
    private @Nullable Path out;

    CompareCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() throws IOException {
        Path directory = out;
        if (directory != null && Files.exists(directory)) {
            throw new FileAlreadyExistsException(directory.toString());
        }
        HistoryComparison.Result result = new HistoryComparison(key.pinned()).compare(first, second);
        if (directory != null && result.proof().isPresent()) {
            HistoryComparison.ForkProof proof = result.proof().get();
            Files.createDirectory(directory);
            Files.write(directory.resolve("first.note"), proof.first().format());
            Files.write(directory.resolve("second.note"), proof.second().format());
            Files.writeString(directory.resolve("key.txt"), proof.key().format() + "\n");
        }
        if (json()) {
            ObjectNode json = Json.object();
            json.put("verdict", result.verdict().label())
                    .put("fork", result.proof().isPresent())
                    .put("reason", result.reason());
            print(json);
        } else {
            print(Text.wrap(Shell.printable(result.reason()), "", 80));
            print(result.verdict().label().toUpperCase(Locale.ROOT));
        }
        return ExitCode.of(result.verdict());
    }
}
