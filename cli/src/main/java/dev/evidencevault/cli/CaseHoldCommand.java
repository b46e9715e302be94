package dev.evidencevault.cli;

import picocli.CommandLine;
import picocli.CommandLine.Option;

/** The holds of a case. */
@CommandLine.Command(name = "hold", description = "Keep the tenant's records from being removed.")
final class CaseHoldCommand {
    @Option(names = "--help", usageHelp = true, description = "show this help")
    private boolean helpWanted;

    /** Says whether only the help is wanted; the parser sees to that. */
    boolean helpWanted() {
        return helpWanted;
    }

    /** Returns the command with those below it. */
    static CommandLine line(Shell shell) {
        return new CommandLine(new CaseHoldCommand())
                .addSubcommand(new CaseHoldPlaceCommand(shell))
                .addSubcommand(new CaseHoldExtendCommand(shell))
                .addSubcommand(new CaseHoldReleaseCommand(shell))
                .addSubcommand(new CaseHoldGrantCommand(shell));
    }
}
