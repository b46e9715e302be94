package dev.evidencevault.cli;

import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.shred.ShredDesk;
import dev.evidencevault.shred.ShredRefusedException;
import dev.evidencevault.shred.ShredRequest;
import dev.evidencevault.storage.LocalStorage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Approves the destruction of a tenant's keys. */
@CommandLine.Command(
        name = "approve",
        description = "Approve a request: role approver, and not who asked. Changes nothing in the vault yet.")
final class ShredApproveCommand extends Command {
    @Parameters(index = "0", paramLabel = "REQUEST", description = "the request, of evault shred request")
    private Path file = Path.of("");

    @Mixin
    private VaultOption vault = new VaultOption();

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "the approved request, a new file")
    private Path out = Path.of("");

    @Mixin
    private SignOption sign = new SignOption();

    ShredApproveCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() throws IOException, KeyUnavailableException, WrongKeyException, ShredRefusedException {
        ShredFile.requireNew(out);
        ShredRequest request = ShredFile.read(file);
        OpenDesk open = OpenDesk.of(vault, shell());
        ShredDesk desk = new ShredDesk(open.unlocked(), new LocalStorage(), Clock.systemUTC());
        ShredRequest approved = desk.approve(request, sign.signer(shell()));
        ShredFile.write(out, approved);
        ShredFile.show(this, out, approved, "stop who writes the vault, then: evault shred run");
        return ExitCode.PASSED;
    }
}
