package dev.evidencevault.cli;

import dev.evidencevault.format.LogRecord;
import dev.evidencevault.format.Timestamps;
import java.util.ArrayList;
import java.util.List;

/**
 * Events as lines for people. On a terminal they stand in columns, eighty in all, of which the first events decide the
 * widths; elsewhere nothing is cut. For one thread.
 */
final class EventTable implements AutoCloseable {
    private static final int COLUMNS = 80;
    private static final int FIRST_ROWS = 50;
    private static final String GAP = "  ";

    /** Time, the mark of a privilege, who, what, how it ended, on what. */
    private static final Row HEAD = new Row("time (UTC)", "", "actor", "action", "outcome", "target", false);

    private static final int TIME = 19;
    private static final int MARK = 1;
    private static final int OUTCOME = 7;

    /** What is left for who, what and on what. */
    private static final int FREE = COLUMNS - TIME - MARK - OUTCOME - 5 * GAP.length();

    private static final String BOLD = "\u001b[1m";
    private static final String FAINT = "\u001b[2m";
    private static final String RED = "\u001b[31m";
    private static final String PLAIN = "\u001b[0m";

    private final Shell shell;

    /** Rows that wait for the widths of the columns. */
    private final List<Row> waiting = new ArrayList<>();

    /** The widths of who, what and on what; empty until they are known. */
    private int[] widths = {};

    private record Row(
            String time, String mark, String actor, String action, String outcome, String target, boolean failed) {
        static Row of(LogRecord record) {
            List<String> actors = record.actorIds();
            String target = record.json().path("targets").path(0).path("id").asText();
            return new Row(
                    Timestamps.format(record.occurredAt()).substring(0, TIME),
                    record.privileged() ? "*" : "",
                    Shell.printable(actors.isEmpty() ? "-" : String.join(" for ", actors)),
                    Shell.printable(record.action()),
                    Shell.printable(record.outcome()),
                    Shell.printable(target),
                    record.outcome().equals("failure"));
        }

        List<String> free() {
            return List.of(actor, action, target);
        }
    }

    EventTable(Shell shell) {
        this.shell = shell;
    }

    void add(LogRecord record) {
        Row row = Row.of(record);
        if (!shell.terminal()) {
            shell.out()
                    .println(row.time + "Z" + GAP + (row.mark.isEmpty() ? " " : row.mark) + " " + row.actor + GAP
                            + row.action + GAP + row.outcome + (row.target.isEmpty() ? "" : GAP + row.target));
            return;
        }
        if (widths.length > 0) {
            print(row);
            return;
        }
        waiting.add(row);
        if (waiting.size() == FIRST_ROWS) {
            close();
        }
    }

    /** Shows the rows that wait for others. */
    @Override
    public void close() {
        if (waiting.isEmpty()) {
            return;
        }
        widths = widths();
        shell.out().println(painted(BOLD, line(HEAD, false)));
        waiting.forEach(this::print);
        waiting.clear();
    }

    /** What each free column needs, and if that is too much, an equal share of what those that need less leave. */
    private int[] widths() {
        int[] needed = new int[HEAD.free().size()];
        for (int i = 0; i < needed.length; i++) {
            needed[i] = Text.columns(HEAD.free().get(i));
            for (Row row : waiting) {
                needed[i] = Math.max(needed[i], Text.columns(row.free().get(i)));
            }
        }
        int[] given = new int[needed.length];
        for (int left = FREE; left > 0; left--) {
            int least = -1;
            for (int i = 0; i < given.length; i++) {
                if (given[i] < needed[i] && (least < 0 || given[i] < given[least])) {
                    least = i;
                }
            }
            if (least < 0) {
                break;
            }
            given[least]++;
        }
        return given;
    }

    private void print(Row row) {
        shell.out().println(line(row, shell.colours()));
    }

    private String line(Row row, boolean colours) {
        String outcome = Text.padded(row.outcome, OUTCOME);
        String line = (colours ? painted(FAINT, Text.padded(row.time, TIME)) : Text.padded(row.time, TIME))
                + GAP
                + (colours && !row.mark.isEmpty() ? painted(RED, row.mark) : Text.padded(row.mark, MARK))
                + GAP
                + Text.padded(row.actor, widths[0])
                + GAP
                + Text.padded(row.action, widths[1])
                + GAP
                + (colours && row.failed ? painted(RED, outcome) : outcome)
                + GAP
                + Text.padded(row.target, widths[2]);
        return line.stripTrailing();
    }

    private String painted(String colour, String text) {
        return shell.colours() ? colour + text + PLAIN : text;
    }
}
