package dev.evidencevault.cli;

import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.evidence.RecordProofs;
import dev.evidencevault.format.Json;
import dev.evidencevault.proof.RecordProof;
import dev.evidencevault.reader.TenantReader;
import dev.evidencevault.reader.VaultReader;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Cuts the proof of one record out of a vault. */
@CommandLine.Command(
        name = "prove",
        description = "Write one record with the proof that the vault holds it unchanged into a file of its own, which"
                + " evault verify checks offline.")
final class ProveCommand extends Command {
    @Mixin
    private VaultOption vault = new VaultOption();

    @Option(names = "--tenant", required = true, paramLabel = "NAME", description = "whose record")
    private String tenant = "";

    @Option(names = "--seq", required = true, paramLabel = "N", description = "its place in the tenant's log, its seq")
    private long seq;

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "the proof, a new file")
    private Path out = Path.of("");

    ProveCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() throws IOException, KeyUnavailableException, WrongKeyException {
        if (Files.exists(out)) {
            throw new FileAlreadyExistsException(out.toString(), null, "evidence is never overwritten");
        }
        VaultReader reader = VaultReader.open(vault.directory, vault.secret.secret(shell(), false));
        TenantReader log = reader.tenant(tenant)
                .orElseThrow(() -> new UsageException(
                        "the vault has no tenant \"" + Shell.printable(tenant) + "\"; see evault tenants"));
        RecordProof proof = new RecordProofs(reader)
                .of(log, seq)
                .orElseThrow(() -> new UsageException(
                        "there is no record " + seq + " under the latest anchor; evault search shows the seq of each"
                                + " record, and a record that is not sealed yet is not anchored either"));
        Files.write(out, proof.format(), StandardOpenOption.CREATE_NEW);
        if (json()) {
            print(Json.object()
                    .put("out", out.toString())
                    .put("seq", seq)
                    .put("anchor", proof.anchor().head().index()));
        } else {
            print("The proof of record " + seq + " of " + Shell.printable(tenant) + " is in " + out);
        }
        return ExitCode.PASSED;
    }
}
