package dev.evidencevault.redaction;

import dev.evidencevault.format.CommitmentScheme;
import dev.evidencevault.format.LeafHeader;
import dev.evidencevault.format.LineFields;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.format.RecordKind;
import dev.evidencevault.format.ShownFields;
import java.util.List;
import java.util.Optional;

/** A record of which some fields are withheld: the line that is shown, and what opens its commitment. Immutable. */
public final class RedactedRecord {
    private static final List<String> ORIGINAL = List.of("original");

    private final LogRecord record;
    private final ShownFields fields;

    private RedactedRecord(LogRecord record, ShownFields fields) {
        this.record = record;
        this.fields = fields;
    }

    /**
     * Applies rules to a record.
     *
     * @param salt the salt of its commitment
     * @return empty if no rule withholds anything of it
     * @throws IllegalArgumentException if one does and the record is committed to as a whole
     */
    public static Optional<RedactedRecord> of(Redaction redaction, LogRecord record, LeafHeader header, byte[] salt) {
        if (record.kind() != RecordKind.EVENT) {
            return Optional.empty();
        }
        LineFields line = LineFields.of(record.line());
        int[] rules = rules(redaction, record.seq(), line);
        byte[][] replacements = new byte[rules.length][];
        boolean any = false;
        for (int i = 1; i < rules.length; i++) {
            if (rules[i] > 0) {
                replacements[i] = Redaction.placeholderBytes(rules[i]);
                any = true;
            }
        }
        if (!any) {
            return Optional.empty();
        }
        if (header.scheme() != CommitmentScheme.FIELDS) {
            throw new IllegalArgumentException(
                    "record " + record.seq() + " is committed to as a whole: nothing of it can be withheld");
        }
        return Optional.of(new RedactedRecord(
                LogRecord.parse(line.replace(replacements)), ShownFields.of(salt, line, i -> rules[i] > 0)));
    }

    /** Returns for each piece the number of the rule that withholds it, or 0. */
    private static int[] rules(Redaction redaction, long seq, LineFields line) {
        int[] rules = new int[line.count()];
        int original = 0;
        int first = 0;
        for (int i = 1; i < rules.length; i++) {
            List<String> path = line.path(i);
            rules[i] = line.isUnopened(i) ? redaction.touching(seq, path) : redaction.covering(seq, path);
            original = path.equals(ORIGINAL) ? i : original;
            first = rules[i] > 0 && (first == 0 || rules[i] < first) ? rules[i] : first;
        }
        if (original > 0 && rules[original] == 0) {
            // The imported text says all that the fields say.
            rules[original] = first;
        }
        return rules;
    }

    /** Returns the record as it is shown. */
    public LogRecord record() {
        return record;
    }

    /** Returns what opens its commitment. */
    public ShownFields fields() {
        return fields;
    }
}
