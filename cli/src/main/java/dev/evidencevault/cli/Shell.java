package dev.evidencevault.cli;

import dev.evidencevault.Vault;
import java.io.Console;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a command runs: its streams, its environment, the terminal if a person is there, and whether it was told to stop.
 *
 * @param in standard input
 * @param out standard output, for results
 * @param err standard error, for progress and messages
 * @param environment the environment variables
 * @param console the terminal, or null if no person is there
 * @param terminal whether standard output is shown on a terminal
 * @param stop the user's wish that it stop
 */
record Shell(
        InputStream in,
        PrintStream out,
        PrintStream err,
        Map<String, String> environment,
        @Nullable Console console,
        boolean terminal,
        StopSignal stop) {

    /** Returns a text as one that a terminal shows and does not obey. */
    static String printable(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            int type = Character.getType(c);
            boolean obeyed = Character.isISOControl(c)
                    || type == Character.FORMAT
                    || type == Character.SURROGATE
                    || type == Character.LINE_SEPARATOR
                    || type == Character.PARAGRAPH_SEPARATOR;
            if (obeyed) {
                safe.append('\uFFFD');
            } else {
                safe.appendCodePoint(c);
            }
        });
        return safe.toString();
    }

    /** Says whether output can have colours: on a terminal that has them, unless the user does not want any (no-color.org). */
    boolean colours() {
        return terminal
                && environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !"dumb".equals(environment.get("TERM"));
    }

    /** Writes a message to standard error, under the program's name. */
    void message(String text) {
        err.println("evault: " + text);
    }

    /** Tells what was found in the journal of a vault whose last writer did not close it. */
    void tellRecovery(Vault vault) {
        if (vault.recoveredRecords() > 0) {
            message("the last writer was killed; " + vault.recoveredRecords() + " records that it had acknowledged are"
                    + " sealed now");
        }
        if (vault.droppedBytes() > 0) {
            message("the last " + vault.droppedBytes() + " bytes of the journal could not be read and were dropped: a"
                    + " commit that was never acknowledged, or records that were destroyed");
        }
    }
}
