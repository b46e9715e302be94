package dev.evidencevault.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.cases.Case;
import dev.evidencevault.cases.CaseStep;
import dev.evidencevault.cases.Hold;
import dev.evidencevault.cases.PersonRegister;
import dev.evidencevault.cases.StepBody;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.Timestamps;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A case in words, at 80 columns, and as JSON. */
final class CaseText {
    private static final int COLUMNS = 80;
    private static final String INDENT = "      ";

    private final Case shown;
    private final long now;
    private final @Nullable Map<Digest, Long> recorded;
    private final Map<String, String> names = new TreeMap<>();

    /**
     * Creates the text of a case.
     *
     * @param recorded when the vault's own log took its steps; null if that is not known
     */
    CaseText(Case shown, PersonRegister register, @Nullable Map<Digest, Long> recorded, long now) {
        this.shown = shown;
        this.now = now;
        this.recorded = recorded;
        for (CaseStep step : register.steps()) {
            if (step.body() instanceof StepBody.PersonAdded added) {
                names.put(added.person().id(), added.person().name());
            }
        }
    }

    /** Returns a time to the second. */
    static String time(long nanos) {
        return Timestamps.format(nanos).substring(0, 19) + "Z";
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("case " + shown.id() + ": " + shown.state().label() + ", next: " + shown.next(now));
        StepBody.Opened opened = shown.opened();
        wrap(
                "order     " + opened.order() + " of " + opened.issuer() + " (" + opened.type() + ", "
                        + opened.jurisdiction() + ")",
                lines);
        wrap("tenant    " + opened.tenant(), lines);
        Long deadline = opened.deadline();
        if (deadline != null) {
            lines.add("deadline  " + time(deadline) + (shown.isLate(now) ? ", which has passed" : ""));
        }
        lines.add("notice    " + shown.notice());
        for (Hold hold : shown.holds()) {
            String end = hold.released() ? "released" : (hold.isActive(now) ? "until " : "ended ") + time(hold.until());
            wrap(
                    "hold      step " + hold.number() + ", " + end + (hold.secret() ? ", secret" : "") + ": "
                            + hold.reason(),
                    lines);
        }
        for (CaseStep step : shown.steps()) {
            lines.add("");
            step(step, lines);
        }
        return lines;
    }

    private void step(CaseStep step, List<String> lines) {
        String person = step.head().person();
        String who =
                person == null ? "nobody known" : person + (names.containsKey(person) ? ", " + names.get(person) : "");
        wrap(
                String.format(
                        "%4d  %s  %-11s  %s",
                        step.number(), time(step.at()), step.kind().label(), who),
                lines);
        step.body().toJson().properties().forEach(member -> member(member.getKey(), member.getValue(), lines));
        wrap(INDENT + "sha256: " + step.digest(), lines);
        Map<Digest, Long> known = recorded;
        if (known != null) {
            Long at = known.get(step.digest());
            lines.add(INDENT + (at == null ? "not recorded yet" : "recorded: " + time(at)));
        }
    }

    private static void member(String name, JsonNode value, List<String> lines) {
        if (name.equals("document") && value.asText().startsWith("{")) {
            Json.parseObject(value.asText().getBytes(StandardCharsets.UTF_8), "the scope")
                    .properties()
                    .forEach(each -> member(each.getKey(), each.getValue(), lines));
            wrap(INDENT + "SHA-256 of the scope: " + new StepBody.Scoped(value.asText()).digest(), lines);
            return;
        }
        wrap(INDENT + name + ": " + (value.isTextual() ? value.asText() : value.toString()), lines);
    }

    /** Adds a text as lines of at most 80 columns, whatever its words are. */
    private static void wrap(String text, List<String> lines) {
        String printable = Shell.printable(text);
        int begin = printable.length() - printable.stripLeading().length();
        String indent = " ".repeat(Math.min(begin + 2, 20));
        String rest = printable;
        while (rest.length() > COLUMNS) {
            int space = rest.lastIndexOf(' ', COLUMNS);
            int end = space > indent.length() ? space : COLUMNS;
            lines.add(rest.substring(0, end).stripTrailing());
            rest = indent + rest.substring(end).stripLeading();
        }
        lines.add(rest);
    }

    ObjectNode json() {
        ObjectNode json = summary(shown, now);
        json.put("notice", shown.notice().toString());
        ArrayNode holds = json.putArray("holds");
        for (Hold hold : shown.holds()) {
            holds.addObject()
                    .put("hold", hold.number())
                    .put("until", Timestamps.format(hold.until()))
                    .put("secret", hold.secret())
                    .put("active", hold.isActive(now))
                    .put("reason", hold.reason());
        }
        ArrayNode steps = json.putArray("steps");
        for (CaseStep step : shown.steps()) {
            ObjectNode one = steps.addObject();
            one.put("step", step.number())
                    .put("at", Timestamps.format(step.at()))
                    .put("kind", step.kind().label());
            if (step.head().person() != null) {
                one.put("person", step.head().person());
            }
            one.set("body", step.body().toJson());
            one.put("sha256", step.digest().hex());
            Long at = recorded == null ? null : recorded.get(step.digest());
            if (at != null) {
                one.put("recordedAt", Timestamps.format(at));
            }
        }
        return json;
    }

    /** Returns what a list says of a case. */
    static ObjectNode summary(Case shown, long now) {
        ObjectNode json = Json.object();
        json.put("case", shown.id().text())
                .put("order", shown.opened().order())
                .put("issuer", shown.opened().issuer())
                .put("tenant", shown.opened().tenant())
                .put("state", shown.state().label())
                .put("next", shown.next(now));
        Long deadline = shown.opened().deadline();
        if (deadline != null) {
            json.put("deadline", Timestamps.format(deadline));
        }
        return json.put("late", shown.isLate(now)).put("overdue", shown.isOverdue(now));
    }
}
