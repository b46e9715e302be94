package dev.evidencevault.cli;

import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.format.Timestamps;
import dev.evidencevault.shred.ShredDesk;
import dev.evidencevault.shred.ShredRefusedException;
import dev.evidencevault.shred.ShredRequest;
import dev.evidencevault.storage.LocalStorage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Asks for the destruction of a tenant's keys. */
@CommandLine.Command(
        name = "request",
        description = "Ask for the destruction of a tenant's keys, as somebody who is registered. Changes nothing yet.")
final class ShredRequestCommand extends Command {
    private static final Duration GOOD_FOR = Duration.ofDays(7);

    @Mixin
    private VaultOption vault = new VaultOption();

    @Option(names = "--tenant", required = true, paramLabel = "NAME", description = "whose keys")
    private String tenant = "";

    @Option(
            names = "--reason",
            required = true,
            paramLabel = "TEXT",
            description = "why: the contract that ended, or the order; stands in the logs and in the certificate")
    private String reason = "";

    @Option(
            names = "--expires",
            paramLabel = "T",
            description = "from when on nobody may act on it: within 30 days (default: in 7 days)")
    private @Nullable String expires;

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "the request, a new file")
    private Path out = Path.of("");

    @Mixin
    private SignOption sign = new SignOption();

    ShredRequestCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() throws IOException, KeyUnavailableException, WrongKeyException, ShredRefusedException {
        ShredFile.requireNew(out);
        OpenDesk open = OpenDesk.of(vault, shell());
        ShredDesk desk = new ShredDesk(open.unlocked(), new LocalStorage(), Clock.systemUTC());
        long end = expires == null ? open.desk().now() + GOOD_FOR.toNanos() : Timestamps.parseLoosely(expires);
        ShredRequest request = desk.request(tenant, reason, end, sign.signer(shell()));
        ShredFile.write(out, request);
        ShredFile.show(this, out, request, "somebody else approves it: evault shred approve");
        return ExitCode.PASSED;
    }
}
