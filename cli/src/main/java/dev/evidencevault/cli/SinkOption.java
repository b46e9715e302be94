package dev.evidencevault.cli;

import dev.evidencevault.VaultObserver;
import dev.evidencevault.VaultOptions;
import dev.evidencevault.attest.TimeStamper;
import dev.evidencevault.attest.TimeStamping;
import dev.evidencevault.sink.CheckpointSink;
import dev.evidencevault.sink.DirectorySink;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where checkpoints are delivered, and who stamps them. */
final class SinkOption {
    @Option(
            names = "--sink",
            paramLabel = "DIR",
            description = "a directory on another volume that keeps the vault's latest checkpoint; a vault that was"
                    + " restored or cut off is refused then (may be given several times)")
    private List<Path> directories = List.of();

    @Mixin
    private TimeStampOption stamps = new TimeStampOption();

    /** Returns the authority that was given first, if any was. */
    Optional<TimeStamper> firstAuthority() throws IOException {
        return stamps.authorities().stream().findFirst();
    }

    /** Returns these options with the sinks and authorities that were given. Whoever fails is named once. */
    VaultOptions in(VaultOptions options, Shell shell) throws IOException {
        Set<String> told = ConcurrentHashMap.newKeySet();
        VaultOptions watched = options.withSinks(directories.stream()
                        .map(directory -> (CheckpointSink) new DirectorySink(directory))
                        .toList())
                .withObserver(new VaultObserver() {
                    @Override
                    public void deliveryFailed(String sink) {
                        if (told.add(sink)) {
                            shell.message("a checkpoint was not delivered to " + Shell.printable(sink));
                        }
                    }
                });
        Optional<TimeStamping> stamping = stamps.stamping();
        return stamping.isPresent() ? watched.withTimeStamping(stamping.get()) : watched;
    }
}
