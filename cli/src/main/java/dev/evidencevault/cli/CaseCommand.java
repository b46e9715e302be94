package dev.evidencevault.cli;

import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Answers an order step by step; what is done is in the commands below it. */
@CommandLine.Command(
        name = "case",
        description = {
            "Answer an order step by step, each step signed by a person and recorded.",
            "docs/answering-an-order.md walks through it."
        })
final class CaseCommand {
    @Option(names = "--help", usageHelp = true, description = "show this help")
    private boolean helpWanted;

    /** Says whether only the help is wanted; the parser sees to that. */
    boolean helpWanted() {
        return helpWanted;
    }

    /** Returns the command with those below it. */
    static CommandLine line(Shell shell) {
        return new CommandLine(new CaseCommand())
                .addSubcommand(new CaseKeyCommand(shell))
                .addSubcommand(CasePersonCommand.line(shell))
                .addSubcommand(new CaseOpenCommand(shell))
                .addSubcommand(new CaseReviewCommand(shell))
                .addSubcommand(new CaseNoticeCommand(shell))
                .addSubcommand(CaseHoldCommand.line(shell))
                .addSubcommand(new CaseScopeCommand(shell))
                .addSubcommand(new CaseApproveCommand(shell))
                .addSubcommand(new CaseConfirmCommand(shell))
                .addSubcommand(new CaseExportCommand(shell))
                .addSubcommand(new CaseRedactCommand(shell))
                .addSubcommand(new CaseSealCommand(shell))
                .addSubcommand(new CaseHandoverCommand(shell))
                .addSubcommand(new CaseAcknowledgeCommand(shell))
                .addSubcommand(new CaseCloseCommand(shell))
                .addSubcommand(new CaseShowCommand(shell))
                .addSubcommand(new CaseListCommand(shell))
                .addSubcommand(new CaseVerifyCommand(shell));
    }
}
