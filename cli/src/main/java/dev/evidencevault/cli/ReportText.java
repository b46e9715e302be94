package dev.evidencevault.cli;

import dev.evidencevault.verify.Finding;
import dev.evidencevault.verify.VerificationReport;
import java.util.Locale;

/** Shows what a verification found. */
final class ReportText {
    private ReportText() {}

    /** Prints a report, for a program or for a person. */
    static void print(Command command, VerificationReport report) {
        if (command.json()) {
            command.print(report.toJson());
            return;
        }
        for (Finding finding : report.findings()) {
            command.print(String.format(
                    "%-13s  %-12s  %s",
                    finding.verdict().label(), finding.claim().label(), Shell.printable(finding.where())));
            command.print(Text.wrap(Shell.printable(finding.reason()), "               ", 80));
        }
        command.print(report.verdict().label().toUpperCase(Locale.ROOT));
    }
}
