package dev.evidencevault.bundle;

import java.io.IOException;

/** A bundle does not have the form that its format asks for. Says which file of it, what was expected and found. */
public final class MalformedBundleException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String where;
    private final String problem;

    /** Creates the exception for a file of a bundle. */
    public MalformedBundleException(String where, String problem) {
        super(where + ": " + problem);
        this.where = where;
        this.problem = problem;
    }

    /** Returns the file of the bundle, or what else the problem is with. */
    public String where() {
        return where;
    }

    /** Returns what was expected and what was found. */
    public String problem() {
        return problem;
    }
}
