package dev.evidencevault.papers;

import dev.evidencevault.bundle.Completeness;
import dev.evidencevault.format.Timestamps;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a verifier has to say of a bundle that nobody changed, given no key, witness or root certificate: passed, or
 * indeterminate for one of the reasons that {@code docs/formats/bundle.md} names (step 10). It is a paper's word, written
 * before the bundle was closed; the verifier's counts.
 *
 * @param reasons why it is not complete beyond doubt
 */
record Outlook(List<Reason> reasons) {
    /**
     * Why something may be missing.
     *
     * @param key the name of the text that says it
     * @param values what the text needs
     * @param from since when something may be missing, or the empty text
     * @param to until when, or the empty text
     * @param count how many, or the empty text
     */
    record Reason(String key, Map<String, String> values, String from, String to, String count) {
        /** Copies the values. */
        Reason {
            values = Map.copyOf(values);
        }
    }

    /** Copies the list. */
    Outlook {
        reasons = List.copyOf(reasons);
    }

    static Outlook of(Holdings holdings, long sealedAt) {
        List<Reason> reasons = new ArrayList<>();
        long unanchored = holdings.statement().notYetAnchored();
        long anchored = holdings.anchor().head().time();
        if (unanchored > 0) {
            String count = String.valueOf(unanchored);
            reasons.add(new Reason("notYetAnchored", Map.of("count", count), "", "", count));
        }
        if (holdings.scope().destroyed() > 0) {
            String leaves = String.valueOf(holdings.scope().destroyed());
            reasons.add(new Reason("destroyed", Map.of("count", leaves), "", "", leaves));
        }
        boolean range = holdings.scope().completeness() == Completeness.RANGE;
        long covered = range ? sealedAt : anchored;
        Long end = holdings.order().to();
        if (end != null && end > covered) {
            reasons.add(reason(range ? "endAfterSeal" : "endAfterAnchor", covered, end));
        }
        if (range && sealedAt > anchored) {
            reasons.add(reason("clockAhead", anchored, sealedAt));
        }
        return new Outlook(reasons);
    }

    private static Reason reason(String key, long from, long to) {
        String since = from == Long.MIN_VALUE ? "" : Timestamps.format(from);
        String until = Timestamps.format(to);
        return new Reason(key, Map.of("from", since, "to", until), since, until, "");
    }

    /** Returns the verdict's name. */
    String verdict() {
        return reasons.isEmpty() ? "passed" : "indeterminate";
    }
}
