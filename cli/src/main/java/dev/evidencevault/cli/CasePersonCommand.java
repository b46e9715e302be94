package dev.evidencevault.cli;

import picocli.CommandLine;
import picocli.CommandLine.Option;

/** The register of persons. */
@CommandLine.Command(name = "person", description = "Register who may sign, with the vault's key.")
final class CasePersonCommand {
    @Option(names = "--help", usageHelp = true, description = "show this help")
    private boolean helpWanted;

    /** Says whether only the help is wanted; the parser sees to that. */
    boolean helpWanted() {
        return helpWanted;
    }

    /** Returns the command with those below it. */
    static CommandLine line(Shell shell) {
        return new CommandLine(new CasePersonCommand())
                .addSubcommand(new CasePersonAddCommand(shell))
                .addSubcommand(new CasePersonEndCommand(shell))
                .addSubcommand(new CasePersonListCommand(shell));
    }
}
