package dev.evidencevault.redaction;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * What is withheld from a bundle, and why: rules, known by their numbers from 1. Stands in a bundle as
 * {@code custody/redaction.json}; an approval is over its digest. Immutable. Format: {@code docs/formats/bundle.md}.
 *
 * @param approvedBy the person who has to approve it
 * @param rules at least one
 */
public record Redaction(String approvedBy, List<Rule> rules) {
    /** The most rules. */
    public static final int RULES_MAX = 50;

    /** The most records that a rule names one by one. */
    public static final int RECORDS_MAX = 1000;

    /** The largest file, in bytes. */
    public static final int BYTES_MAX = 2 << 20;

    /** Why nothing can be withheld from records of most vaults. */
    public static final String NOT_REDACTABLE =
            "the records of this vault are committed to as whole lines, so that nothing of one can be withheld while the rest"
                    + " is still proven; only a vault that was made with evault init --redactable commits to fields."
                    + " Narrow the scope instead, and have it approved";

    private static final String FORMAT = "evidence-vault-redaction/1";
    private static final String ALL = "all";
    private static final int TEXT_CHARS_MAX = 1000;

    /**
     * A rule.
     *
     * @param path what is withheld
     * @param records the seqs of the records it is for, ascending; none for all records
     * @param reason why
     * @param requestedBy who asked for it
     */
    public record Rule(FieldPath path, List<Long> records, String reason, String requestedBy) {
        /** Checks the seqs and the texts. */
        public Rule {
            records = List.copyOf(records);
            requireRecords(records);
            requireText(path.toString(), "path");
            requireText(reason, "reason");
            requireText(requestedBy, "requestedBy");
        }

        /** Says whether this is for a record. */
        boolean isFor(long seq) {
            return records.isEmpty() || records.contains(seq);
        }
    }

    /** Checks the number of rules and the name. */
    public Redaction {
        rules = List.copyOf(rules);
        requireText(approvedBy, "approvedBy");
        if (rules.isEmpty() || rules.size() > RULES_MAX) {
            throw new IllegalArgumentException("expected 1 to " + RULES_MAX + " rules, found " + rules.size());
        }
    }

    /**
     * Checks the seqs that a rule names.
     *
     * @throws IllegalArgumentException if they are too many, negative, or not ascending
     */
    public static void requireRecords(List<Long> records) {
        if (records.size() > RECORDS_MAX) {
            throw new IllegalArgumentException(
                    "a rule names at most " + RECORDS_MAX + " records; leave them out for all");
        }
        long before = -1;
        for (long seq : records) {
            if (seq <= before) {
                throw new IllegalArgumentException(
                        "expected the seqs of records, each once and ascending, found " + seq);
            }
            before = seq;
        }
    }

    private static void requireText(String text, String name) {
        if (text.isBlank()
                || text.length() > TEXT_CHARS_MAX
                || text.codePoints().anyMatch(c -> Character.isISOControl(c) || c >= 0xD800 && c <= 0xDFFF)) {
            throw new IllegalArgumentException(
                    "expected 1 to " + TEXT_CHARS_MAX + " characters without control characters for \"" + name + "\"");
        }
    }

    /** Returns what stands in a line in place of a value that a rule withholds. */
    public static String placeholder(int rule) {
        return "\"withheld by redaction " + rule + "\"";
    }

    /** Returns the bytes of the file. */
    public byte[] format() {
        ObjectNode json = Json.object().put("format", FORMAT).put("approvedBy", approvedBy);
        ArrayNode list = json.putArray("rules");
        for (Rule rule : rules) {
            ObjectNode entry = list.addObject().put("path", rule.path().toString());
            if (rule.records().isEmpty()) {
                entry.put("records", ALL);
            } else {
                rule.records().forEach(entry.putArray("records")::add);
            }
            entry.put("reason", rule.reason()).put("requestedBy", rule.requestedBy());
        }
        return Json.bytes(json);
    }

    /** Returns what an approval is over. */
    public Digest digest() {
        return Digest.sha256(format());
    }

    /**
     * Parses the bytes of the file.
     *
     * @throws IllegalArgumentException if they are none, or not in the one spelling
     */
    public static Redaction parse(byte[] bytes) {
        ObjectNode json = Json.parseObject(bytes, "the redaction");
        Json.requireOnly(json, Set.of("format", "approvedBy", "rules"), "the redaction");
        if (!Json.text(json, "format").equals(FORMAT)) {
            throw new IllegalArgumentException("expected the format " + FORMAT + ", found " + json.path("format"));
        }
        List<Rule> rules = new ArrayList<>();
        for (JsonNode rule : json.path("rules")) {
            List<Long> records = new ArrayList<>();
            JsonNode named = rule.path("records");
            if (!named.isArray() && !named.asText().equals(ALL) || named.isArray() && named.isEmpty()) {
                throw new IllegalArgumentException("expected \"all\" or a list of seqs for \"records\"");
            }
            for (JsonNode seq : named) {
                records.add(seq.isIntegralNumber() && seq.canConvertToLong() ? seq.longValue() : -1);
            }
            rules.add(new Rule(
                    FieldPath.parse(Json.text(rule, "path")),
                    records,
                    Json.text(rule, "reason"),
                    Json.text(rule, "requestedBy")));
        }
        Redaction redaction = new Redaction(Json.text(json, "approvedBy"), rules);
        if (!Arrays.equals(redaction.format(), bytes)) {
            throw new IllegalArgumentException("the file is not spelled as it was written");
        }
        return redaction;
    }

    /** Returns the number of the first rule that withholds a value whatever it is; 0 if none does. */
    int covering(long seq, List<String> path) {
        return first(seq, path, false);
    }

    /** Returns the number of the first rule that withholds a value or what may be within it; 0 if none does. */
    int touching(long seq, List<String> path) {
        return first(seq, path, true);
    }

    private int first(long seq, List<String> path, boolean within) {
        for (int i = 0; i < rules.size(); i++) {
            Rule rule = rules.get(i);
            if (rule.isFor(seq)
                    && (rule.path().covers(path) || within && rule.path().isWithin(path))) {
                return i + 1;
            }
        }
        return 0;
    }

    /** Says whether a rule is for a value, or for what may be within it. */
    boolean touches(int rule, long seq, List<String> path) {
        if (rule < 1 || rule > rules.size()) {
            return false;
        }
        Rule named = rules.get(rule - 1);
        return named.isFor(seq) && (named.path().covers(path) || named.path().isWithin(path));
    }

    /** Returns the bytes of {@link #placeholder}. */
    static byte[] placeholderBytes(int rule) {
        return placeholder(rule).getBytes(StandardCharsets.US_ASCII);
    }
}
