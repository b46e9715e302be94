package dev.evidencevault.verify;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.format.Json;
import java.util.Comparator;
import java.util.List;

/**
 * The findings of a verification, the weightiest first. Immutable.
 *
 * @param findings at least one for every claim that was checked
 */
public record VerificationReport(List<Finding> findings) {
    /** Sorts the findings. */
    public VerificationReport {
        findings = findings.stream()
                .sorted(Comparator.comparing(Finding::verdict).reversed())
                .toList();
    }

    /** Returns the verdict over all: the weightiest of the findings'. */
    public Verdict verdict() {
        return findings.isEmpty() ? Verdict.INDETERMINATE : findings.get(0).verdict();
    }

    /** Returns the findings with a verdict. */
    public List<Finding> with(Verdict verdict) {
        return findings.stream().filter(finding -> finding.verdict() == verdict).toList();
    }

    /** Returns the report as a JSON object: {@code {"verdict":…,"findings":[{"verdict","claim","where","reason"}]}}. */
    public ObjectNode toJson() {
        ObjectNode json = Json.object();
        json.put("verdict", verdict().label());
        ArrayNode array = json.putArray("findings");
        for (Finding finding : findings) {
            array.addObject()
                    .put("verdict", finding.verdict().label())
                    .put("claim", finding.claim().label())
                    .put("where", finding.where())
                    .put("reason", finding.reason());
        }
        return json;
    }
}
