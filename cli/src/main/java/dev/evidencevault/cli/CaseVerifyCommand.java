package dev.evidencevault.cli;

import dev.evidencevault.cases.BrokenCaseException;
import dev.evidencevault.cases.CaseFile;
import dev.evidencevault.crypto.note.NoteVerifier;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.Timestamps;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Verifies a case that was written into a file. */
@CommandLine.Command(
        name = "verify",
        description = "Verify a case that evault case show --out wrote, offline and without the vault, and show it.")
final class CaseVerifyCommand extends Command {
    @Parameters(paramLabel = "FILE", description = "the case")
    private Path file = Path.of("");

    @Mixin
    private KeyOption key = new KeyOption();

    CaseVerifyCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() throws IOException {
        NoteVerifier pinned = key.pinned();
        CaseFile.Content content;
        try (InputStream in = Files.newInputStream(file)) {
            content = CaseFile.verify(in.readNBytes(CaseFile.BYTES_MAX + 1));
        } catch (BrokenCaseException | IllegalArgumentException e) {
            throw new CorruptFileException(file, 0, Json.firstLine(e));
        }
        if (pinned != null && !content.vaultKeys().knows(pinned)) {
            throw new CorruptFileException(
                    file,
                    0,
                    "expected the key " + pinned.format() + ", found "
                            + content.vaultKeys().current().verifier().format());
        }
        if (pinned == null) {
            shell().message("the vault's key is "
                    + content.vaultKeys().current().verifier().format()
                    + "; that it is this vault's, compare with who runs it, or give --key");
        }
        CaseText text = new CaseText(
                content.verified(),
                content.register(),
                null,
                Timestamps.nanos(Clock.systemUTC().instant()));
        if (json()) {
            print(text.json());
        } else {
            text.lines().forEach(this::print);
            print("PASSED");
        }
        return ExitCode.PASSED;
    }
}
