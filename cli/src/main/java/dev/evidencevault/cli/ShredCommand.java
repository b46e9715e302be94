package dev.evidencevault.cli;

import picocli.CommandLine;
import picocli.CommandLine.Option;

/** The destruction of a tenant's keys; what is done is in the commands below it. */
@CommandLine.Command(
        name = "shred",
        description = {
            "Destroy the keys of one tenant, when two persons want it and no hold forbids it.",
            "docs/operations.md walks through it."
        })
final class ShredCommand {
    @Option(names = "--help", usageHelp = true, description = "show this help")
    private boolean helpWanted;

    /** Says whether only the help is wanted; the parser sees to that. */
    boolean helpWanted() {
        return helpWanted;
    }

    /** Returns the command with those below it. */
    static CommandLine line(Shell shell) {
        return new CommandLine(new ShredCommand())
                .addSubcommand(new ShredRequestCommand(shell))
                .addSubcommand(new ShredApproveCommand(shell))
                .addSubcommand(new ShredRunCommand(shell))
                .addSubcommand(new ShredListCommand(shell))
                .addSubcommand(new ShredVerifyCommand(shell));
    }
}
