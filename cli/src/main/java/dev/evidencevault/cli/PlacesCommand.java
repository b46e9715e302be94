package dev.evidencevault.cli;

import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Where records lie. */
@CommandLine.Command(
        name = "places",
        description = "Say in which jurisdictions records lie, and bind tenants to some of them.")
final class PlacesCommand {
    @Option(names = "--help", usageHelp = true, description = "show this help")
    private boolean helpWanted;

    /** Says whether only the help is wanted; the parser sees to that. */
    boolean helpWanted() {
        return helpWanted;
    }

    /** Returns the command with those below it. */
    static CommandLine line(Shell shell) {
        return new CommandLine(new PlacesCommand())
                .addSubcommand(new PlacesListCommand(shell))
                .addSubcommand(new PlacesAddCommand(shell))
                .addSubcommand(new PlacesBindCommand(shell));
    }
}
