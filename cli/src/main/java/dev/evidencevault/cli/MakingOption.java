package dev.evidencevault.cli;

import dev.evidencevault.evidence.ExportOptions;
import picocli.CommandLine.Option;

/** How a bundle is made. */
final class MakingOption {
    @Option(
            names = "--no-views",
            description = "leave out the copies of the records for other tools (data/views): with many records they are"
                    + " the larger part of the bundle")
    private boolean noViews;

    @Option(
            names = "--resume",
            description =
                    "keep what there is when the export is interrupted, beside the bundle, in plain text and readable"
                            + " to its owner alone; the same command goes on from there")
    private boolean resume;

    ExportOptions options(Shell shell) {
        return ExportOptions.defaults().withViews(!noViews).withResume(resume).withProgress(new ExportReport(shell));
    }
}
