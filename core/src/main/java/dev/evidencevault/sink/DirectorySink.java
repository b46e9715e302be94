package dev.evidencevault.sink;

import dev.evidencevault.crypto.note.Checkpoint;
import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.storage.LocalStorage;
import dev.evidencevault.storage.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A directory on another volume, best one that the vault's administrators cannot write: for each vault a file with its
 * latest checkpoint, a signed note (c2sp.org/signed-note). It never goes back.
 */
public final class DirectorySink implements CheckpointSink {
    private static final String SUFFIX = ".checkpoint";

    private final Path directory;
    private final Storage storage = new LocalStorage();

    /** Creates a sink; the directory must be there when it is used. */
    public DirectorySink(Path directory) {
        this.directory = directory;
    }

    @Override
    public String name() {
        return "directory " + directory;
    }

    @Override
    public void deliver(SignedNote checkpoint) throws IOException {
        Checkpoint fresh = Checkpoint.parse(checkpoint.text());
        Optional<SignedNote> kept = latest(fresh.origin());
        if (kept.isPresent()) {
            Checkpoint known = Checkpoint.parse(kept.get().text());
            if (known.size() > fresh.size()
                    || known.size() == fresh.size() && !known.root().equals(fresh.root())) {
                throw new IOException(file(fresh.origin()) + " has checkpoint " + known.size() + " with root "
                        + known.root().base64() + ", which " + fresh.size() + " with root "
                        + fresh.root().base64() + " does not follow: the vault was put back or forked");
            }
        }
        storage.replace(file(fresh.origin()), checkpoint.format());
    }

    @Override
    public Optional<SignedNote> latest(String origin) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new NotDirectoryException(directory.toString());
        }
        Path file = file(origin);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        if (!Files.isRegularFile(file) || Files.size(file) > SignedNote.BYTES_MAX) {
            throw new IOException(
                    file + " is no checkpoint: expected a file of at most " + SignedNote.BYTES_MAX + " bytes");
        }
        try {
            SignedNote note = SignedNote.parse(Files.readAllBytes(file));
            if (!Checkpoint.parse(note.text()).origin().equals(origin)) {
                throw new IllegalArgumentException("it is of another origin");
            }
            return Optional.of(note);
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " is no checkpoint of " + origin + ": " + e.getMessage(), e);
        }
    }

    /** A file named after the origin, of which only what is safe in a name remains. */
    private Path file(String origin) {
        return directory.resolve(origin.replaceAll("[^A-Za-z0-9.-]", "_") + SUFFIX);
    }
}
