package dev.evidencevault.cli;

import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Backups. */
@CommandLine.Command(
        name = "backup",
        description =
                "Keep backups of a tenant's data, or of the service's own configuration, in the vault, and copies of"
                        + " the logs in other places.")
final class BackupCommand {
    @Option(names = "--help", usageHelp = true, description = "show this help")
    private boolean helpWanted;

    /** Says whether only the help is wanted; the parser sees to that. */
    boolean helpWanted() {
        return helpWanted;
    }

    /** Returns the command with those below it. */
    static CommandLine line(Shell shell) {
        return new CommandLine(new BackupCommand())
                .addSubcommand(new BackupPutCommand(shell))
                .addSubcommand(new BackupListCommand(shell))
                .addSubcommand(new BackupSearchCommand(shell))
                .addSubcommand(new BackupVerifyCommand(shell))
                .addSubcommand(new BackupRestoreCommand(shell))
                .addSubcommand(new BackupRunCommand(shell));
    }
}
