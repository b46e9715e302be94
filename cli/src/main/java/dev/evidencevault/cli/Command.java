package dev.evidencevault.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Option;

/** A command: knows where it runs and whether a program reads its results. */
abstract class Command implements Callable<Integer> {
    private final Shell shell;

    @Option(names = "--json", description = "results as JSON on standard output")
    private boolean json;

    @Option(names = "--help", usageHelp = true, description = "show this help")
    private boolean helpWanted;

    Command(Shell shell) {
        this.shell = shell;
    }

    final Shell shell() {
        return shell;
    }

    final boolean json() {
        return json;
    }

    /** Says whether only the help is wanted; the parser sees to that. */
    final boolean helpWanted() {
        return helpWanted;
    }

    /** Writes a line of results. */
    final void print(String line) {
        shell.out().println(line);
    }

    /** Writes a JSON value as a line of results. */
    final void print(JsonNode value) {
        shell.out().println(value);
    }
}
