package dev.evidencevault.retention;

import dev.evidencevault.crypto.keys.NodeKeys;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.crypto.note.NoteSigner;
import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.LogId;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Settings;
import dev.evidencevault.storage.SignedFile;
import dev.evidencevault.storage.UnlockedVault;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How long the records of a vault are kept: the file {@code retention}, signed by the vault; the names of services in it are
 * encrypted. Records that no rule is about are kept for ever. Format: {@code docs/formats/retention.md}. Immutable.
 *
 * @param vaultId the vault
 * @param number counts the changes, from 1; 0 if there are no rules
 * @param rules the rules, no two about the same records
 */
public record RetentionRules(LogId vaultId, long number, List<RetentionRule> rules) {
    /** The most rules. */
    public static final int RULES_MAX = 10_000;

    private static final String LABEL = "evidence-vault/retention/v1";
    private static final String ANY = "*";

    /** Copies the list and checks it. */
    public RetentionRules {
        rules = List.copyOf(rules);
        if (rules.size() > RULES_MAX) {
            throw new IllegalArgumentException("expected at most " + RULES_MAX + " rules, found " + rules.size());
        }
        if (rules.stream()
                        .map(rule -> new RetentionRule(rule.log(), rule.service(), RetentionPeriod.forEver()))
                        .distinct()
                        .count()
                != rules.size()) {
            throw new IllegalArgumentException("two rules are about the same records");
        }
    }

    /** Returns the rules of a vault that has none. */
    public static RetentionRules none(LogId vaultId) {
        return new RetentionRules(vaultId, 0, List.of());
    }

    /** A line of the file: a rule whose service is encrypted, or {@value #ANY}. */
    private record Line(String log, String service, RetentionPeriod period) {
        String format() {
            return "keep " + log + ' ' + service + ' ' + period.format() + '\n';
        }

        static Line parse(String line) {
            String[] words = line.split(" ", -1);
            if (words.length != 4 || !words[0].equals("keep")) {
                throw new IllegalArgumentException("expected a rule, found " + line);
            }
            return new Line(
                    words[1].equals(ANY) ? ANY : LogId.parse(words[1]).toString(),
                    words[2].equals(ANY)
                            ? ANY
                            : Base64.getEncoder()
                                    .encodeToString(Base64.getDecoder().decode(words[2])),
                    RetentionPeriod.parse(words[3]));
        }

        RetentionRule open(NodeKeys keys) throws WrongKeyException {
            return new RetentionRule(
                    log.equals(ANY) ? null : LogId.parse(log),
                    service.equals(ANY)
                            ? null
                            : keys.openName(Base64.getDecoder().decode(service), place(log)),
                    period);
        }

        static Line seal(RetentionRule rule, NodeKeys keys) {
            LogId log = rule.log();
            String service = rule.service();
            String name = log == null ? ANY : log.toString();
            return new Line(
                    name,
                    service == null ? ANY : Base64.getEncoder().encodeToString(keys.sealName(service, place(name))),
                    rule.period());
        }

        private static String place(String log) {
            return "retention/" + log;
        }
    }

    /**
     * Reads the rules of a vault.
     *
     * @throws CorruptFileException if the file is damaged, or the vault did not sign it
     */
    public static RetentionRules read(UnlockedVault vault) throws IOException {
        Path file = vault.layout().retention();
        Signed signed = signed(vault.layout(), vault.settings());
        try {
            List<RetentionRule> rules = new ArrayList<>();
            for (Line line : signed.lines()) {
                rules.add(line.open(vault.nodeKeys()));
            }
            return new RetentionRules(vault.settings().vaultId(), signed.number(), rules);
        } catch (WrongKeyException | IllegalArgumentException e) {
            throw new CorruptFileException(file, 0, Json.firstLine(e));
        }
    }

    /**
     * Requires that the file of a vault, if it has one, is as the vault signed it. No key is needed for that.
     *
     * @throws CorruptFileException if it is not
     */
    public static void require(Layout layout, Settings settings) throws IOException {
        signed(layout, settings);
    }

    /** What stands in the file. */
    private record Signed(long number, List<Line> lines) {}

    private static Signed signed(Layout layout, Settings settings) throws IOException {
        Path file = layout.retention();
        try {
            String text = SignedFile.read(file, settings, "rules").orElse(null);
            if (text == null) {
                return new Signed(0, List.of());
            }
            Signed signed = parse(text);
            if (!text(settings.vaultId(), signed).equals(text)) {
                throw new IllegalArgumentException(
                        "the rules are of another vault, or not spelled as they were written");
            }
            return signed;
        } catch (IllegalArgumentException e) {
            throw new CorruptFileException(file, 0, Json.firstLine(e));
        }
    }

    private static Signed parse(String text) {
        List<String> lines = List.of(text.split("\n", -1));
        if (lines.size() < 4 || !lines.get(0).equals(LABEL)) {
            throw new IllegalArgumentException("expected rules of retention, version 1");
        }
        String number = lines.get(2);
        if (!number.matches("number [1-9][0-9]{0,17}")) {
            throw new IllegalArgumentException("expected a number, found " + number);
        }
        if (lines.size() - 4 > RULES_MAX) {
            throw new IllegalArgumentException("expected at most " + RULES_MAX + " rules");
        }
        return new Signed(
                Long.parseLong(number.substring("number ".length())),
                lines.subList(3, lines.size() - 1).stream().map(Line::parse).toList());
    }

    private static String text(LogId vaultId, Signed signed) {
        StringBuilder text = new StringBuilder(LABEL)
                .append("\nvault ")
                .append(vaultId)
                .append("\nnumber ")
                .append(signed.number())
                .append('\n');
        signed.lines().forEach(line -> text.append(line.format()));
        return text.toString();
    }

    /** Returns the bytes of the file. */
    public byte[] sign(NodeKeys keys, NoteSigner signer) {
        Signed signed = new Signed(
                number, rules.stream().map(rule -> Line.seal(rule, keys)).toList());
        byte[] bytes = signer.sign(text(vaultId, signed)).format();
        if (bytes.length > SignedNote.BYTES_MAX) {
            throw new IllegalArgumentException("the rules have more than " + SignedNote.BYTES_MAX + " bytes");
        }
        return bytes;
    }

    /**
     * Returns the rules with another one about some records, or with none about them.
     *
     * @param period how long they are kept; null if there is to be no rule about them
     */
    public RetentionRules with(@Nullable LogId log, @Nullable String service, @Nullable RetentionPeriod period) {
        Stream<RetentionRule> others = rules.stream().filter(rule -> !rule.isAbout(log, service));
        return new RetentionRules(
                vaultId,
                number + 1,
                period == null
                        ? others.toList()
                        : Stream.concat(others, Stream.of(new RetentionRule(log, service, period)))
                                .toList());
    }

    /** Returns the rule about exactly these records, if there is one. */
    public Optional<RetentionRule> about(@Nullable LogId log, @Nullable String service) {
        return rules.stream().filter(rule -> rule.isAbout(log, service)).findFirst();
    }

    /**
     * Returns the rule that a record is under: that of its log and service, else of its log, else of its service in all logs, else
     * of all. Empty if there is none: it is kept for ever.
     *
     * @param service the record's service; null if it names none
     */
    public Optional<RetentionRule> of(LogId log, @Nullable String service) {
        return about(log, service)
                .or(() -> about(log, null))
                .or(() -> about(null, service))
                .or(() -> about(null, null));
    }

    /** Returns the rules that records of a log can be under. */
    public List<RetentionRule> concerning(LogId log) {
        boolean hasOwn = about(log, null).isPresent();
        return rules.stream()
                .filter(rule -> log.equals(rule.log()) || rule.log() == null && !hasOwn)
                .toList();
    }
}
