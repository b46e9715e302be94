package dev.evidencevault.cli;

import picocli.CommandLine;
import picocli.CommandLine.Option;

/** The care for a search index. */
@CommandLine.Command(
        name = "index",
        description = "Check, merge or rebuild the search index of one tenant. Nothing that is proven depends on it.")
final class IndexCommand {
    @Option(names = "--help", usageHelp = true, description = "show this help")
    private boolean helpWanted;

    /** Says whether only the help is wanted; the parser sees to that. */
    boolean helpWanted() {
        return helpWanted;
    }

    /** Returns the command with those below it. */
    static CommandLine line(Shell shell) {
        return new CommandLine(new IndexCommand())
                .addSubcommand(new IndexCheckCommand(shell))
                .addSubcommand(new IndexMergeCommand(shell))
                .addSubcommand(new IndexRebuildCommand(shell));
    }
}
