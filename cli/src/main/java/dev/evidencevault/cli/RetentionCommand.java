package dev.evidencevault.cli;

import picocli.CommandLine;
import picocli.CommandLine.Option;

/** How long records are kept. */
@CommandLine.Command(
        name = "retention",
        description = "Say how long records are kept, and destroy those whose time is over.")
final class RetentionCommand {
    @Option(names = "--help", usageHelp = true, description = "show this help")
    private boolean helpWanted;

    /** Says whether only the help is wanted; the parser sees to that. */
    boolean helpWanted() {
        return helpWanted;
    }

    /** Returns the command with those below it. */
    static CommandLine line(Shell shell) {
        return new CommandLine(new RetentionCommand())
                .addSubcommand(new RetentionSetCommand(shell))
                .addSubcommand(new RetentionShowCommand(shell))
                .addSubcommand(new RetentionRunCommand(shell));
    }
}
