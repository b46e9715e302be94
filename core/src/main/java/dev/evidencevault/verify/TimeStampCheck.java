package dev.evidencevault.verify;

import dev.evidencevault.attest.Attestations;
import dev.evidencevault.bundle.BundleFiles;
import dev.evidencevault.bundle.BundleLayout;
import dev.evidencevault.crypto.note.CheckpointKeys;
import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.crypto.timestamp.TimeStamp;
import dev.evidencevault.crypto.timestamp.TimeStampVerdict;
import dev.evidencevault.format.Timestamps;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Judges time stamps of checkpoints under the roots that the verifier was given. Without roots it judges none, and says
 * which are there. For one thread.
 *
 * <p>A time stamp says that the checkpoint existed by its time, so it bounds the anchor's time from above only: an anchor
 * that claims a later time than its time stamp was made with a clock that was wrong, or set.
 */
final class TimeStampCheck {
    /** How far the clocks of a vault and an authority may be apart, beyond the accuracy that the authority states. */
    static final Duration TOLERANCE = Duration.ofSeconds(60);

    private final List<X509Certificate> roots;
    private final Findings findings;

    TimeStampCheck(Collection<X509Certificate> roots, Findings findings) {
        this.roots = List.copyOf(roots);
        this.findings = findings;
    }

    boolean hasRoots() {
        return !roots.isEmpty();
    }

    /**
     * Judges the time stamps in a bundle.
     *
     * @param note the node's checkpoint, whose first lines are good under the keys
     * @param anchored the time that the anchor claims, in nanoseconds since 1970
     */
    void bundle(BundleFiles files, CheckpointKeys keys, SignedNote note, long anchored) throws IOException {
        boolean found = false;
        for (String name : BundleLayout.timeStamps()) {
            if (!files.sizes().containsKey(name)) {
                continue;
            }
            found = true;
            byte[] response = files.read(name, TimeStamp.BYTES_MAX);
            if (roots.isEmpty()) {
                findings.passed(Claim.FILES, name, "a time stamp is there; it was not judged: no root (--tsa-root)");
            } else {
                judge(name, response, keys.own(note), anchored)
                        .ifPresent(good -> findings.passed(Claim.TIME, name, told(good)));
            }
        }
        if (!found && hasRoots()) {
            findings.indeterminate(
                    Claim.TIME, BundleLayout.NODE_CHECKPOINT, "the checkpoint of this anchor has no time stamp");
        }
    }

    /** Judges a time stamp; a finding says what is wrong with it, and there is no result then. */
    Optional<TimeStampVerdict.Good> judge(String where, byte[] response, SignedNote checkpoint, long anchored) {
        TimeStampVerdict verdict;
        try {
            verdict = TimeStamp.parse(response).verify(Attestations.imprint(checkpoint), roots);
        } catch (IllegalArgumentException e) {
            findings.failed(Claim.TIME, where, e);
            return Optional.empty();
        }
        return switch (verdict) {
            case TimeStampVerdict.Bad bad -> {
                findings.failed(Claim.TIME, where, bad.reason());
                yield Optional.empty();
            }
            case TimeStampVerdict.Good good -> notBefore(where, good, anchored);
        };
    }

    /** Requires that a time stamp was not made before the time that an anchor claims, as far as clocks tell. */
    private Optional<TimeStampVerdict.Good> notBefore(String where, TimeStampVerdict.Good good, long anchored) {
        Instant latest = good.time().plus(good.accuracy().orElse(Duration.ZERO)).plus(TOLERANCE);
        if (!Timestamps.instant(anchored).isAfter(latest)) {
            return Optional.of(good);
        }
        findings.failed(
                Claim.TIME, where, "the anchor claims to be of " + Timestamps.format(anchored) + ", but " + told(good));
        return Optional.empty();
    }

    /** What a time stamp says. */
    static String told(TimeStampVerdict.Good good) {
        String accuracy = good.accuracy()
                .map(either ->
                        " (give or take " + either.toString().substring(2).toLowerCase(Locale.ROOT) + ")")
                .orElse("");
        return "the checkpoint existed by " + good.time() + accuracy + ", says " + good.authority();
    }
}
