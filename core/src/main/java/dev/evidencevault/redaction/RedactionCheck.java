package dev.evidencevault.redaction;

import dev.evidencevault.format.LeafHeader;
import dev.evidencevault.format.LineFields;
import dev.evidencevault.format.ShownFields;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Says whether what is withheld from records, and what is shown of them, is what the rules say, and counts it. For one thread. */
public final class RedactionCheck {
    private static final Pattern PLACEHOLDER = Pattern.compile("\"withheld by redaction ([1-9][0-9]{0,2})\"");
    private static final List<String> ORIGINAL = List.of("original");

    private final Redaction redaction;
    private final Map<Integer, Long> withheld = new TreeMap<>();
    private long records;

    /** Creates the check of a redaction. */
    public RedactionCheck(Redaction redaction) {
        this.redaction = redaction;
    }

    /**
     * Checks an event that is shown.
     *
     * @param line its line, as it is shown
     * @param fields what opens its commitment; null if nothing is withheld
     * @throws IllegalArgumentException if something is withheld that no rule withholds, or shown that one does
     */
    public void event(LeafHeader header, byte[] line, @Nullable ShownFields fields) {
        LineFields shown = LineFields.of(line);
        long seq = header.seq();
        Map<Integer, Long> here = new TreeMap<>();
        int first = 0;
        int original = 0;
        for (int i = 1; i < shown.count(); i++) {
            List<String> path = shown.path(i);
            if (fields == null || !fields.isWithheld(i)) {
                int rule = shown.isUnopened(i) ? redaction.touching(seq, path) : redaction.covering(seq, path);
                if (rule > 0) {
                    throw new IllegalArgumentException("rule " + rule + " of the redaction withholds " + name(path)
                            + " of record " + seq + ", and it is shown");
                }
                if (path.equals(ORIGINAL) && fields != null) {
                    throw new IllegalArgumentException("something of record " + seq
                            + " is withheld, and its original, which says the same, is shown");
                }
                continue;
            }
            int rule = named(shown.piece(i));
            int covering = redaction.covering(seq, path);
            if (path.equals(ORIGINAL) && covering == 0) {
                original = rule;
            } else if (!redaction.touches(rule, seq, path) || covering > 0 && covering < rule) {
                throw new IllegalArgumentException("no rule of the redaction withholds " + name(path) + " of record "
                        + seq + " as it is withheld: expected rule " + covering + ", found " + rule);
            } else {
                first = first == 0 ? rule : Math.min(first, rule);
            }
            here.merge(rule, 1L, Long::sum);
        }
        if (original != 0 && original != first) {
            throw new IllegalArgumentException("the original of record " + seq + " is withheld under rule " + original
                    + ", expected the first rule that withholds anything else of it, " + first);
        }
        here.forEach((rule, count) -> withheld.merge(rule, count, Long::sum));
        records += here.isEmpty() ? 0 : 1;
    }

    private static int named(byte[] piece) {
        Matcher text = PLACEHOLDER.matcher(new String(piece, StandardCharsets.ISO_8859_1));
        int rule = text.matches() ? Integer.parseInt(text.group(1)) : 0;
        if (rule == 0 || !Arrays.equals(piece, Redaction.placeholderBytes(rule))) {
            throw new IllegalArgumentException("something else stands in place of a value that is withheld");
        }
        return rule;
    }

    private static String name(List<String> path) {
        return String.join("/", path);
    }

    /** Returns what was found, in a sentence. */
    public String summary() {
        long fields = withheld.values().stream().mapToLong(Long::longValue).sum();
        StringBuilder text = new StringBuilder("withheld, as " + redaction.approvedBy() + " approved: " + fields
                + (fields == 1 ? " field" : " fields") + " of " + records + (records == 1 ? " record" : " records"));
        String separator = ": ";
        for (Map.Entry<Integer, Long> entry : withheld.entrySet()) {
            Redaction.Rule rule = redaction.rules().get(entry.getKey() - 1);
            text.append(separator)
                    .append(entry.getValue())
                    .append(" under rule ")
                    .append(entry.getKey())
                    .append(" (")
                    .append(rule.path())
                    .append(", ")
                    .append(rule.reason())
                    .append(')');
            separator = ", ";
        }
        return text.toString();
    }
}
