package dev.evidencevault.cli;

import dev.evidencevault.VaultOptions;
import dev.evidencevault.sink.CheckpointSink;
import dev.evidencevault.sink.DirectorySink;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** Where checkpoints are delivered. */
final class SinkOption {
    @Option(
            names = "--sink",
            paramLabel = "DIR",
            description = "a directory on another volume that keeps the vault's latest checkpoint; a vault that was"
                    + " restored or cut off is refused then (may be given several times)")
    private List<Path> directories = List.of();

    /** Returns these options with the sinks that were given. */
    VaultOptions in(VaultOptions options) {
        return options.withSinks(directories.stream()
                .map(directory -> (CheckpointSink) new DirectorySink(directory))
                .toList());
    }
}
