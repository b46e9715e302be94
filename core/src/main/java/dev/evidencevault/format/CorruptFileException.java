package dev.evidencevault.format;

import java.io.IOException;
import java.nio.file.Path;

/** A file of the vault does not hold what its format asks for. Says which, where, what was expected and found. */
public final class CorruptFileException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String file;
    private final String problem;

    /** Creates the exception. {@code problem} says what was expected and what was found. */
    public CorruptFileException(Path file, long offset, String problem) {
        super(file + " at byte " + offset + ": " + problem);
        this.file = file.toString();
        this.problem = "at byte " + offset + ": " + problem;
    }

    /** Returns the file's path. */
    public String file() {
        return file;
    }

    /** Returns what is wrong with it, and where in it. */
    public String problem() {
        return problem;
    }
}
