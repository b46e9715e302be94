package dev.evidencevault.campaign;

import dev.evidencevault.Actor;
import dev.evidencevault.Event;
import dev.evidencevault.format.LogRecord;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The n-th event that one thread appends for one tenant in one process life. Its content follows from its number.
 *
 * @param round the process life
 * @param thread the thread
 * @param number from 0, without gaps for each tenant
 */
record NumberedEvent(int round, int thread, long number) {
    private static final Pattern ID = Pattern.compile("r(\\d{1,9})-t(\\d{1,9})-n(\\d{1,18})");
    private static final int BYTES_MAX = 1 << 16;
    private static final int VARIETY = 61;
    /** So that neighbours have little in common that could be compressed away. */
    private static final int STRIDE = 977;

    private static final String TEXT = text();

    private static String text() {
        StringBuilder text = new StringBuilder();
        new Random(1).ints(2 * BYTES_MAX + VARIETY, ' ', '~').forEach(c -> text.append((char) c));
        return text.toString();
    }

    String id() {
        return "r" + round + "-t" + thread + "-n" + number;
    }

    /** Returns the text of an event of about that many bytes. */
    String original(int bytes) {
        int from = (int) (number * STRIDE % BYTES_MAX);
        return TEXT.substring(from, from + Math.min(bytes, BYTES_MAX) + (int) (number * 7 % VARIETY));
    }

    Event event(int bytes) {
        return Event.of("act")
                .id(id())
                .actor(Actor.tenant("user-" + number % 7))
                .original(original(bytes))
                .build();
    }

    /** Tells which event a record is of; empty if it is none of these. */
    static Optional<NumberedEvent> of(LogRecord record) {
        Matcher id = ID.matcher(record.id());
        return id.matches()
                ? Optional.of(new NumberedEvent(
                        Integer.parseInt(id.group(1)), Integer.parseInt(id.group(2)), Long.parseLong(id.group(3))))
                : Optional.empty();
    }
}
