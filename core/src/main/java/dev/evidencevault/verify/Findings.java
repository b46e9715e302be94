package dev.evidencevault.verify;

import dev.evidencevault.bundle.MalformedBundleException;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Collects findings; bounded, so that a file of garbage does not fill the memory. For one thread. */
final class Findings {
    private static final int FINDINGS_PER_CLAIM_MAX = 100;

    /** In UTF-16 code units. What was found may be quoted in a reason, whatever its length. */
    private static final int REASON_CHARS_MAX = 4000;

    private static final int WHERE_CHARS_MAX = 400;

    private final List<Finding> findings = new ArrayList<>();
    private final Map<Claim, Integer> counts = new EnumMap<>(Claim.class);

    void passed(Claim claim, String where, String reason) {
        findings.add(finding(Verdict.PASSED, claim, where, reason));
    }

    void failed(Claim claim, String where, String reason) {
        add(Verdict.FAILED, claim, where, reason);
    }

    void failed(Claim claim, String where, IllegalArgumentException e) {
        failed(claim, where, Json.firstLine(e));
    }

    void failed(Claim claim, MalformedBundleException e) {
        failed(claim, e.where(), e.problem());
    }

    void failed(Claim claim, Path root, CorruptFileException e) {
        failed(claim, relative(root, Path.of(e.file())), e.problem());
    }

    void indeterminate(Claim claim, String where, String reason) {
        add(Verdict.INDETERMINATE, claim, where, reason);
    }

    private void add(Verdict verdict, Claim claim, String where, String reason) {
        int count = counts.merge(claim, 1, Integer::sum);
        if (count <= FINDINGS_PER_CLAIM_MAX) {
            findings.add(finding(verdict, claim, where, reason));
        } else if (count == FINDINGS_PER_CLAIM_MAX + 1) {
            findings.add(new Finding(verdict, claim, "…", "more findings of this claim are left out"));
        }
    }

    private static Finding finding(Verdict verdict, Claim claim, String where, String reason) {
        return new Finding(verdict, claim, cut(where, WHERE_CHARS_MAX), cut(reason, REASON_CHARS_MAX));
    }

    private static String cut(String text, int charsMax) {
        if (text.length() <= charsMax) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(charsMax - 2)) ? charsMax - 2 : charsMax - 1;
        return text.substring(0, end) + "…";
    }

    /** Says whether nothing but good was found of a claim so far. */
    boolean clean(Claim claim) {
        return !counts.containsKey(claim);
    }

    /** Adds that a claim passed, if nothing else was found of it. */
    void passedIfClean(Claim claim, String where, String reason) {
        if (clean(claim)) {
            passed(claim, where, reason);
        }
    }

    VerificationReport report() {
        return new VerificationReport(findings);
    }

    static String relative(Path root, Path file) {
        return file.startsWith(root) ? root.relativize(file).toString() : file.toString();
    }
}
