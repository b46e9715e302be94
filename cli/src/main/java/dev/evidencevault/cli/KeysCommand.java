package dev.evidencevault.cli;

import picocli.CommandLine;
import picocli.CommandLine.Option;

/** The care for keys. */
@CommandLine.Command(
        name = "keys",
        description =
                "List, rotate, rewrap, report and check the keys of a vault and its tenants. None of it shows a secret.")
final class KeysCommand {
    @Option(names = "--help", usageHelp = true, description = "show this help")
    private boolean helpWanted;

    /** Says whether only the help is wanted; the parser sees to that. */
    boolean helpWanted() {
        return helpWanted;
    }

    /** Returns the command with those below it. */
    static CommandLine line(Shell shell) {
        return new CommandLine(new KeysCommand())
                .addSubcommand(new KeysListCommand(shell))
                .addSubcommand(new KeysRotateCommand(shell))
                .addSubcommand(new KeysRewrapCommand(shell))
                .addSubcommand(new KeysSucceedCommand(shell))
                .addSubcommand(new KeysHistoryCommand(shell))
                .addSubcommand(new KeysReportCommand(shell))
                .addSubcommand(new KeysCheckCommand(shell));
    }
}
