package dev.evidencevault.cases;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.format.Timestamps;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A production order: whose records are asked for, which of them, by whom, and who approved. Immutable.
 *
 * @param order the authority's number of it
 * @param issuer the authority
 * @param legalBasis the provision it rests on
 * @param tenant whose records
 * @param actors only records of these actors, acting themselves or on whose behalf was acted; all where empty
 * @param privilegedOnly only records of acts under a privilege
 * @param services only records of these services; all where empty
 * @param clock which time of a record the bounds are about
 * @param from the earliest time, in nanoseconds since 1970; absent for no bound
 * @param to the first time that is not asked for any more; absent for no bound
 * @param requestedBy who asks for the export
 * @param approvedBy who approved it, another person
 * @param expires from when on it must not be followed; absent for never
 * @param text the order's bytes, as they were read
 */
public record Order(
        String order,
        String issuer,
        String legalBasis,
        String tenant,
        List<String> actors,
        boolean privilegedOnly,
        List<String> services,
        Clock clock,
        @Nullable Long from,
        @Nullable Long to,
        String requestedBy,
        String approvedBy,
        @Nullable Long expires,
        Text text) {

    /** The largest order, in bytes. */
    public static final int BYTES_MAX = 1 << 20;

    private static final int TEXT_CHARS_MAX = 1000;
    private static final int LIST_MAX = 1000;
    private static final Set<String> MEMBERS = Set.of(
            "order",
            "issuer",
            "legalBasis",
            "tenant",
            "actors",
            "privilegedOnly",
            "services",
            "clock",
            "from",
            "to",
            "requestedBy",
            "approvedBy",
            "expires");

    /** Which time of a record an order's bounds are about. */
    public enum Clock {
        /** When it happened, as the application says. */
        OCCURRED("occurred"),

        /** When the vault recorded it: never goes back within a log. */
        RECORDED("recorded");

        private final String label;

        Clock(String label) {
            this.label = label;
        }

        private static Clock of(ObjectNode json) {
            String label = json.has("clock") ? Json.text(json, "clock") : OCCURRED.label;
            return Arrays.stream(values())
                    .filter(clock -> clock.label.equals(label))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "expected \"occurred\" or \"recorded\" for \"clock\", found \"" + label + "\""));
        }
    }

    /** The bytes of an order. */
    public static final class Text {
        private final byte[] bytes;

        private Text(byte[] bytes) {
            this.bytes = bytes.clone();
        }

        /** Returns a copy of the bytes. */
        public byte[] bytes() {
            return bytes.clone();
        }
    }

    /**
     * Parses an order.
     *
     * @throws OrderRefusedException if it is malformed, ambiguous, or approved by who requested it
     */
    public static Order parse(byte[] bytes) throws OrderRefusedException {
        try {
            if (bytes.length > BYTES_MAX) {
                throw new IllegalArgumentException("an order has at most 1 MiB");
            }
            ObjectNode json = Json.parseObject(bytes, "the order");
            Json.requireOnly(json, MEMBERS, "the order");
            Order order = new Order(
                    text(json, "order"),
                    text(json, "issuer"),
                    text(json, "legalBasis"),
                    text(json, "tenant"),
                    texts(json, "actors"),
                    flag(json, "privilegedOnly"),
                    texts(json, "services"),
                    Clock.of(json),
                    time(json, "from"),
                    time(json, "to"),
                    text(json, "requestedBy"),
                    text(json, "approvedBy"),
                    time(json, "expires"),
                    new Text(bytes));
            if (folded(order.requestedBy).equals(folded(order.approvedBy))) {
                throw new IllegalArgumentException("\"requestedBy\" and \"approvedBy\" are the same person, "
                        + order.approvedBy + "; another person has to approve");
            }
            if (order.from != null && order.to != null && order.from >= order.to) {
                throw new IllegalArgumentException("\"from\" is not before \"to\"");
            }
            return order;
        } catch (IllegalArgumentException e) {
            throw new OrderRefusedException(Json.firstLine(e));
        }
    }

    /**
     * Checks that the order may still be followed.
     *
     * @param now in nanoseconds since 1970
     * @throws OrderRefusedException if it has expired
     */
    public void requireInForce(long now) throws OrderRefusedException {
        if (expires != null && expires <= now) {
            throw new OrderRefusedException("the order expired at " + Timestamps.format(expires));
        }
    }

    /**
     * Says whether what has these times lies between the order's bounds.
     *
     * @param occurredAt when it happened, in nanoseconds since 1970
     * @param recordedAt when the vault recorded it
     */
    public boolean covers(long occurredAt, long recordedAt) {
        long time = clock == Clock.RECORDED ? recordedAt : occurredAt;
        return (from == null || time >= from) && (to == null || time < to);
    }

    /** Says whether any time from the first to the last, both included, lies between the order's bounds. */
    public boolean coversAnyOf(long first, long last) {
        return (from == null || last >= from) && (to == null || first < to);
    }

    /** Says whether a record is one of those that the order asks for, whoever's it is. */
    public boolean asksFor(LogRecord record) {
        return covers(record.occurredAt(), record.recordedAt())
                && (record.kind().isNotice() || asksForEvent(record));
    }

    private boolean asksForEvent(LogRecord record) {
        return (!privilegedOnly || record.privileged())
                && (actors.isEmpty() || record.actorIds().stream().anyMatch(actors::contains))
                && (services.isEmpty() || record.service() != null && services.contains(record.service()));
    }

    private static String text(ObjectNode json, String name) {
        String text = Json.text(json, name);
        requireText(text, name);
        return text;
    }

    private static void requireText(String text, String name) {
        requireWellFormed(text, name);
        if (text.codePoints().allMatch(Order::isWhite)
                || text.length() > TEXT_CHARS_MAX
                || text.codePoints().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(
                    "expected 1 to " + TEXT_CHARS_MAX + " characters without control characters for \"" + name + "\"");
        }
    }

    /** The Unicode property White_Space, which the platform splits in two. */
    private static boolean isWhite(int c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c);
    }

    private static void requireWellFormed(String text, String name) {
        if (text.codePoints().anyMatch(c -> c >= 0xD800 && c <= 0xDFFF)) {
            throw new IllegalArgumentException("found a lone surrogate in \"" + name + "\"");
        }
    }

    private static List<String> texts(ObjectNode json, String name) {
        if (!json.has(name)) {
            return List.of();
        }
        JsonNode list = json.get(name);
        if (!list.isArray() || list.isEmpty() || list.size() > LIST_MAX) {
            throw new IllegalArgumentException(
                    "expected a list of 1 to " + LIST_MAX + " texts for \"" + name + "\"; leave it out to ask for all");
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode entry : list) {
            if (!entry.isTextual() || texts.contains(entry.textValue())) {
                throw new IllegalArgumentException("expected a text, and each once, in \"" + name + "\"");
            }
            if (entry.textValue().isEmpty() || entry.textValue().length() > LogRecord.TEXT_CHARS_MAX) {
                throw new IllegalArgumentException(
                        "expected texts of 1 to " + LogRecord.TEXT_CHARS_MAX + " characters in \"" + name + "\"");
            }
            requireWellFormed(entry.textValue(), name);
            texts.add(entry.textValue());
        }
        return List.copyOf(texts);
    }

    private static boolean flag(ObjectNode json, String name) {
        JsonNode value = json.path(name);
        if (!value.isMissingNode() && !value.isBoolean()) {
            throw new IllegalArgumentException("expected true or false for \"" + name + "\"");
        }
        return value.asBoolean(false);
    }

    private static @Nullable Long time(ObjectNode json, String name) {
        return json.has(name) ? Timestamps.parseLoosely(Json.text(json, name)) : null;
    }

    /** Two spellings of one name are one person. */
    private static String folded(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFKC)
                .replaceAll("\\p{Cf}", "")
                .replaceAll("\\p{IsWhite_Space}+", " ")
                .strip()
                .toLowerCase(Locale.ROOT);
    }
}
