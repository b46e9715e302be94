package dev.evidencevault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A vault as a kill of its writer would leave it: a copy of what lies on disk now. */
public final class CopiedVault {
    private CopiedVault() {}

    public static void copy(Path from, Path to) throws IOException {
        List<Path> all;
        try (Stream<Path> walk = Files.walk(from)) {
            all = walk.sorted().toList();
        }
        for (Path each : all) {
            try {
                Files.copy(each, to.resolve(from.relativize(each).toString()));
            } catch (NoSuchFileException e) {
                // A file that its writer prepares in the background got its name, or was given up, since it was listed:
                // a
                // kill before that would have left it unfinished, and nothing is in it.
                if (!each.toString().endsWith(".tmp")) {
                    throw e;
                }
            }
        }
    }
}
