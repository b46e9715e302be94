package dev.evidencevault.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.evidencevault.attest.TimeStamping;
import dev.evidencevault.attest.VaultStamping;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.format.Json;
import dev.evidencevault.storage.LocalStorage;
import dev.evidencevault.storage.UnlockedVault;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;

/** Stamps the latest checkpoint of a vault with the time. */
@CommandLine.Command(
        name = "stamp",
        description =
                "Ask time stamp authorities (RFC 3161) to stamp the vault's latest checkpoint now, which covers all"
                        + " before it. For a vault that no process writes; one that is written stamps by itself, with --tsa.")
final class StampCommand extends Command {
    @Mixin
    private VaultOption vault = new VaultOption();

    @Mixin
    private TimeStampOption authorities = new TimeStampOption();

    StampCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() throws IOException, KeyUnavailableException, WrongKeyException {
        TimeStamping stamping = authorities.stamping().orElseThrow(() -> new UsageException("expected --tsa URL"));
        UnlockedVault unlocked = UnlockedVault.unlock(vault.directory, vault.secret.secret(shell(), false));
        List<VaultStamping.Answer> answers =
                VaultStamping.stampLatest(unlocked, stamping, new LocalStorage(), Clock.systemUTC());
        ArrayNode json = Json.mapper().createArrayNode();
        int code = ExitCode.PASSED;
        for (VaultStamping.Answer answer : answers) {
            switch (answer) {
                case VaultStamping.Stamped stamped -> {
                    json.addObject()
                            .put("authority", stamped.stamp().authority())
                            .put("anchor", stamped.anchor())
                            .put("time", stamped.stamp().time().toString())
                            .put(
                                    "certificateNotAfter",
                                    stamped.stamp().certificateNotAfter().toString());
                    if (!json()) {
                        print(Text.wrap(Shell.printable(told(stamped)), "", 80));
                    }
                }
                case VaultStamping.Refused refused -> {
                    shell().message(Shell.printable(refused.reason()));
                    code = ExitCode.INCOMPLETE;
                }
            }
        }
        if (json()) {
            print(json);
        }
        return code;
    }

    private static String told(VaultStamping.Stamped stamped) {
        return "anchor " + stamped.anchor() + " existed by " + stamped.stamp().time() + ", says "
                + stamped.stamp().authority() + ", whose certificate ends "
                + stamped.stamp().certificateNotAfter();
    }
}
