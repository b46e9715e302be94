package dev.evidencevault.index;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.Timestamps;
import dev.evidencevault.index.query.EventQuery;
import dev.evidencevault.index.query.QueryField;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.text.Normalizer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.ja.JapaneseAnalyzer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;

/** Events and queries that have something to do with each other, with a judge for each query. */
final class RandomEvents {
    private static final long START = Timestamps.nanos(Instant.parse("2026-05-01T00:00:00Z"));
    private static final List<String> NAMES =
            List.of("alice", "Alice", "ALICE", "Ａｌｉｃｅ", "bob", "bo", "O'Hara É", "山田 太郎", "a\"b\\c");
    private static final List<String> ACTIONS =
            List.of("document.read", "Document.Read", "document.write", "login", "１削除");
    private static final List<String> IDS = List.of("q3-Report", "doc/17", "５e3", "018f-1e5a-77", "報告書 二", "x");
    private static final List<String> SOURCES = List.of(
            "10.0.0.1",
            "10.0.0.1",
            "10.1.2.3",
            "192.168.7.7",
            "2001:db8::1",
            "2001:DB8:0::1",
            "::ffff:10.0.0.1",
            "fe80::2",
            "cloudtrail.amazonaws.com",
            "10.0.0.01",
            "10.0.0.1:443",
            "::1",
            "2001:db8:1:2:3:4:5:6");
    private static final List<String> NETWORKS = List.of(
            "10.0.0.1",
            "10.0.0.0/8",
            "10.0.0.0/31",
            "10.1.0.0/17",
            "0.0.0.0/0",
            "::/0",
            "::/64",
            "2001:db8::/32",
            "2001:db8::/48",
            "2001:db8::1",
            "fe80::/10",
            "192.168.0.0/16",
            "::ffff:10.0.0.0/104");
    private static final List<String> SENTENCES = List.of(
            "昨日、報告書を削除しました。",
            "東京都の田中さんが走った",
            "サーバーが停止している",
            "京都へ行く",
            "the Report was deleted, twice",
            "Ｆｉｌｅ ｘ７ moved",
            "ｻｰﾊﾞｰを再起動した",
            "path C:\\new\\file-7",
            "n 1e5 Fluß");
    private static final List<String> WORDS = List.of(
            "報告書",
            "削除",
            "削除した",
            "東京",
            "京都",
            "走る",
            "走った",
            "サーバ",
            "サーバー",
            "停止",
            "report",
            "DELETED",
            "twice the",
            "ｆｉｌｅ X7",
            "fluß",
            "new file",
            "行く",
            "行きます",
            "x",
            "七");

    private static final JapaneseAnalyzer ANALYZER = new JapaneseAnalyzer();

    private final Random random;

    RandomEvents(Random random) {
        this.random = random;
    }

    private <T> T any(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    private boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    /** A line as the writer writes it; or with escapes that need not be, which a reader takes as well. */
    String line(int seq) {
        ObjectNode line = Json.object();
        line.put("v", 1)
                .put("seq", seq)
                .put("recordedAt", Timestamps.format(START))
                .put("type", "event");
        line.put("id", any(IDS) + seq).put("tenant", "t");
        if (oneIn(2)) {
            line.put("service", any(List.of("files", "Files", "billing")));
        }
        line.put("occurredAt", Timestamps.format(START + random.nextInt(100)));
        line.put("action", any(ACTIONS)).put("outcome", any(List.of("success", "failure", "unknown")));
        if (!oneIn(4)) {
            ObjectNode actor = line.putObject("actor");
            actor.put("side", any(List.of("tenant", "provider", "supplier"))).put("id", any(NAMES));
            actor.put("privileged", oneIn(4));
            if (oneIn(4)) {
                actor.put("onBehalfOf", any(NAMES));
            }
            if (oneIn(3)) {
                actor.put("session", any(IDS));
            }
        }
        if (oneIn(2)) {
            ArrayNode targets = line.putArray("targets");
            for (int i = random.nextInt(3); i >= 0; i--) {
                ObjectNode target = targets.addObject();
                if (oneIn(2)) {
                    target.put("type", any(List.of("document", "Ｄocument", "user")));
                }
                target.put("id", any(IDS));
            }
        }
        if (!oneIn(3)) {
            line.putObject("source").put("ip", any(SOURCES));
        }
        if (oneIn(3)) {
            line.put("sharedEventId", any(IDS));
        }
        if (oneIn(2)) {
            ObjectNode details = line.putObject("details").put(any(List.of("note", "メモ", "source")), any(SENTENCES));
            details.put("n", random.nextInt(3)).putArray("list").add("source").add(any(SENTENCES));
        }
        if (oneIn(3)) {
            String original = any(SENTENCES);
            line.put(
                    "original",
                    oneIn(2) ? original : Json.object().put("メモ", original).toString());
        }
        String text = line.toString();
        return oneIn(5) ? escaped(text) : text;
    }

    /** The same with some letters escaped that are within texts. */
    private String escaped(String json) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            boolean free = c >= 0x80 || c >= 'a' && c <= 'z' && json.startsWith("source", i);
            text.append(free && oneIn(2) ? String.format("\\u%04x", (int) c) : String.valueOf(c));
        }
        return text.toString();
    }

    JudgedQuery query(int depth) {
        if (depth == 0 || oneIn(3)) {
            return condition();
        }
        JudgedQuery left = query(depth - 1);
        JudgedQuery right = query(depth - 1);
        return switch (random.nextInt(3)) {
            case 0 ->
                new JudgedQuery(left.query().and(right.query()), left.judge().and(right.judge()));
            case 1 ->
                new JudgedQuery(left.query().or(right.query()), left.judge().or(right.judge()));
            default -> new JudgedQuery(left.query().not(), left.judge().negate());
        };
    }

    private JudgedQuery condition() {
        return switch (random.nextInt(12)) {
            case 0 -> field(QueryField.ACTOR, any(NAMES), r -> values(r.path("actor"), "id", "onBehalfOf"));
            case 1 -> field(QueryField.ACTION, any(ACTIONS), r -> values(r, "action"));
            case 2 -> field(QueryField.SERVICE, any(List.of("FILES", "files", "billing")), r -> values(r, "service"));
            case 3 ->
                oneIn(2)
                        ? field(QueryField.OUTCOME, any(List.of("success", "failure")), r -> values(r, "outcome"))
                        : field(
                                QueryField.SIDE,
                                any(List.of("tenant", "provider")),
                                r -> values(r.path("actor"), "side"));
            case 4 -> field(QueryField.SESSION, any(IDS), r -> values(r.path("actor"), "session"));
            case 5 -> field(QueryField.SHARED_EVENT_ID, any(IDS), r -> values(r, "sharedEventId"));
            case 6 -> target();
            case 7 -> source();
            case 8 -> time();
            case 9 ->
                new JudgedQuery(
                        EventQuery.privileged(),
                        r -> r.path("actor").path("privileged").booleanValue());
            case 10 -> part();
            default -> words();
        };
    }

    private static List<String> values(JsonNode node, String... names) {
        return Arrays.stream(names)
                .filter(node::has)
                .map(name -> node.path(name).asText())
                .toList();
    }

    private JudgedQuery target() {
        boolean type = oneIn(3);
        String member = type ? "type" : "id";
        return field(
                type ? QueryField.TARGET_TYPE : QueryField.TARGET,
                type ? any(List.of("document", "USER")) : any(IDS),
                r -> {
                    List<String> found = new ArrayList<>();
                    r.path("targets").forEach(target -> found.addAll(values(target, member)));
                    return found;
                });
    }

    private JudgedQuery field(QueryField field, String value, Function<JsonNode, List<String>> values) {
        boolean free = field.choices().isEmpty();
        switch (random.nextInt(3)) {
            case 0:
                return new JudgedQuery(
                        EventQuery.exactly(field, value), r -> values.apply(r).contains(value));
            case 1:
                String prefix = value.substring(0, random.nextInt(value.length() + 1));
                return new JudgedQuery(
                        EventQuery.startingWith(field, prefix),
                        r -> values.apply(r).stream().anyMatch(v -> plain(v).startsWith(plain(prefix))));
            default:
                String written = free ? rewritten(value) : value;
                return new JudgedQuery(
                        EventQuery.field(field, written),
                        r -> values.apply(r).stream().anyMatch(v -> plain(v).equals(plain(value))));
        }
    }

    /** The same in another case and width. */
    private String rewritten(String value) {
        StringBuilder text = new StringBuilder();
        for (char c : value.toCharArray()) {
            char other = oneIn(2) ? c < 0x80 ? Character.toUpperCase(c) : c : c;
            text.append(other > ' ' && other < 0x7f && oneIn(3) ? (char) (other + 0xFEE0) : other);
        }
        return text.toString();
    }

    private static String plain(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
    }

    private JudgedQuery source() {
        if (oneIn(4)) {
            return field(QueryField.SOURCE, "cloudtrail.amazonaws.com", r -> values(r.path("source"), "ip"));
        }
        String network = any(NETWORKS);
        return new JudgedQuery(EventQuery.source(network), r -> {
            byte[] address = address(r.path("source").path("ip").asText());
            String[] parts = network.split("/");
            byte[] prefix = address(parts[0]);
            if (address == null || prefix == null || address.length != prefix.length) {
                return false;
            }
            int bits = parts.length == 1 ? 8 * prefix.length : Integer.parseInt(parts[1]);
            bits -= parts[0].contains(":") && prefix.length == 4 && parts.length > 1 ? 96 : 0;
            for (int i = 0; i < bits; i++) {
                if ((address[i / 8] >> 7 - i % 8 & 1) != (prefix[i / 8] >> 7 - i % 8 & 1)) {
                    return false;
                }
            }
            return true;
        });
    }

    /** What the platform takes for an address; it takes leading zeros as well, which mean another number elsewhere. */
    private static byte[] address(String text) {
        if (!text.matches("[0-9a-fA-F.:]+") || text.matches(".*\\.0\\d.*|.*\\.\\d+:.*")) {
            return null;
        }
        try {
            return InetAddress.getByName(text).getAddress();
        } catch (UnknownHostException e) {
            return null;
        }
    }

    private JudgedQuery time() {
        long from = START + random.nextInt(100);
        long to = from + 1 + random.nextInt(30);
        return switch (random.nextInt(3)) {
            case 0 -> new JudgedQuery(EventQuery.from(from), r -> happened(r) >= from);
            case 1 -> new JudgedQuery(EventQuery.to(to), r -> happened(r) < to);
            default -> new JudgedQuery(EventQuery.between(from, to), r -> happened(r) >= from && happened(r) < to);
        };
    }

    private static long happened(JsonNode record) {
        return Timestamps.parse(record.path("occurredAt").asText());
    }

    private JudgedQuery part() {
        String sentence = any(SENTENCES);
        int from = random.nextInt(sentence.length() - 2);
        String part = sentence.substring(from, from + 1 + random.nextInt(Math.min(9, sentence.length() - from)));
        return new JudgedQuery(
                EventQuery.containing(rewritten(part)),
                r -> texts(r).stream().anyMatch(text -> plain(text).contains(plain(part))));
    }

    private JudgedQuery words() {
        String words = any(WORDS);
        return new JudgedQuery(EventQuery.words(rewritten(words)), r -> {
            Set<String> found = new TreeSet<>();
            texts(r).forEach(text -> found.addAll(analysed(text)));
            return found.containsAll(analysed(words));
        });
    }

    /** Words of letters without Japanese, and those that Lucene's own chain of filters makes of Japanese. */
    private static Set<String> analysed(String text) {
        String others = plain(text).replaceAll("[\\p{IsHan}\\p{IsHiragana}\\p{IsKatakana}ー]", " ");
        Set<String> words = new TreeSet<>(Arrays.asList(others.split("[^\\p{L}\\p{Nd}]+")));
        words.remove("");
        String japanese = plain(text).replaceAll("[^\\p{IsHan}\\p{IsHiragana}\\p{IsKatakana}ー]+", "\n");
        try (TokenStream tokens = ANALYZER.tokenStream("text", japanese)) {
            CharTermAttribute term = tokens.addAttribute(CharTermAttribute.class);
            tokens.reset();
            while (tokens.incrementToken()) {
                words.add(term.toString());
            }
            tokens.end();
            return words;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> texts(JsonNode record) {
        List<String> texts = new ArrayList<>();
        record.properties().forEach(member -> {
            switch (member.getKey()) {
                case "v", "seq", "recordedAt", "type", "occurredAt" -> {}
                case "original" -> {
                    String text = member.getValue().asText();
                    texts.add(text.startsWith("{") ? text.replace("\\\\", "\\") : text);
                }
                default -> collect(member.getValue(), member.getKey().equals("details"), texts);
            }
        });
        return texts;
    }

    private static void collect(JsonNode node, boolean names, List<String> texts) {
        if (node.isValueNode()) {
            texts.add(node.asText());
        }
        node.properties().forEach(member -> {
            if (names) {
                texts.add(member.getKey());
            }
            collect(member.getValue(), names, texts);
        });
        if (node.isArray()) {
            node.forEach(element -> collect(element, names, texts));
        }
    }
}
