package dev.evidencevault.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The results of several rounds, by setting, in the order in which settings were first measured. */
final class Series {
    private final Map<Setting, Map<Integer, JsonNode>> results = new LinkedHashMap<>();

    void add(Setting setting, int round, JsonNode result) {
        results.computeIfAbsent(setting, key -> new LinkedHashMap<>()).put(round, result);
    }

    List<Setting> settings() {
        return List.copyOf(results.keySet());
    }

    /** Returns the results of a setting, in the order of rounds. */
    List<JsonNode> of(Setting setting) {
        return List.copyOf(results.getOrDefault(setting, Map.of()).values());
    }

    double median(Setting setting, String name) {
        return median(setting, result -> result.path(name).asDouble());
    }

    double median(Setting setting, ToDoubleFunction<JsonNode> value) {
        return median(of(setting).stream().mapToDouble(value).toArray());
    }

    /**
     * Returns the median of the ratios to another setting, each of the same round, since what else the machine did was
     * more alike then; NaN if that one was not measured.
     */
    double ratio(Setting setting, Setting to, String name) {
        Map<Integer, JsonNode> base = results.getOrDefault(to, Map.of());
        List<Double> ratios = new ArrayList<>();
        results.getOrDefault(setting, Map.of()).forEach((round, result) -> {
            JsonNode other = base.get(round);
            if (other != null) {
                ratios.add(result.path(name).asDouble() / other.path(name).asDouble());
            }
        });
        return median(ratios.stream().mapToDouble(Double::doubleValue).toArray());
    }

    /** Returns the median; NaN of nothing. */
    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int n = sorted.length;
        return n == 0 ? Double.NaN : (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
    }
}
