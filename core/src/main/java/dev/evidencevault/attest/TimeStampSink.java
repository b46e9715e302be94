package dev.evidencevault.attest;

import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.note.Checkpoint;
import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.crypto.timestamp.TimeStamp;
import dev.evidencevault.sink.CheckpointSink;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Storage;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One time stamp authority that is asked to stamp checkpoints. Its answers are kept in the vault's attestations, once they
 * are known to be over that checkpoint and signed; whom to trust is the verifier's choice, and that of who described the
 * authority.
 *
 * <p>A checkpoint that has a time stamp of this authority is stamped again only if the certificate under it ends soon.
 */
public final class TimeStampSink implements CheckpointSink {
    private final TimeStamper authority;
    private final int number;
    private final TimeStamping stamping;
    private final Attestations attestations;
    private final Storage storage;
    private final Clock clock;

    private TimeStampSink(int number, TimeStamping stamping, Layout layout, Storage storage, Clock clock) {
        this.authority = stamping.authorities().get(number - 1);
        this.number = number;
        this.stamping = stamping;
        this.attestations = new Attestations(layout);
        this.storage = storage;
        this.clock = clock;
    }

    /** Creates a sink for each authority of the vault that lies there. */
    public static List<TimeStampSink> of(TimeStamping stamping, Layout layout, Storage storage, Clock clock) {
        List<TimeStampSink> sinks = new ArrayList<>();
        for (int number = 1; number <= stamping.authorities().size(); number++) {
            sinks.add(new TimeStampSink(number, stamping, layout, storage, clock));
        }
        return sinks;
    }

    @Override
    public String name() {
        return "time stamp authority " + authority.name();
    }

    @Override
    public void deliver(SignedNote checkpoint) throws IOException {
        Optional<Instant> end = end(checkpoint);
        Instant soon = clock.instant().plus(stamping.renewBefore());
        if (end.isPresent() && end.get().isAfter(soon)) {
            return;
        }
        TimeStamp stamp = ask(checkpoint);
        // An authority that has no newer certificate yet is asked again when the vault is opened again, and not kept.
        if (end.isEmpty() || signed(stamp, checkpoint).certificateNotAfter().isAfter(end.get())) {
            keep(checkpoint, stamp);
        }
    }

    /**
     * Asks for a time stamp now, whatever there is already, and keeps it.
     *
     * @throws IOException if there is none to be had, or it is not a signed one of this checkpoint
     */
    public TimeStamp.Unvouched stamp(SignedNote checkpoint) throws IOException {
        TimeStamp stamp = ask(checkpoint);
        keep(checkpoint, stamp);
        return signed(stamp, checkpoint);
    }

    private TimeStamp ask(SignedNote checkpoint) throws IOException {
        TimeStamp stamp = authority.stamp(Attestations.imprint(checkpoint));
        signed(stamp, checkpoint);
        return stamp;
    }

    private static TimeStamp.Unvouched signed(TimeStamp stamp, SignedNote checkpoint) throws IOException {
        try {
            return stamp.requireSigned(Attestations.imprint(checkpoint));
        } catch (GeneralSecurityException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private void keep(SignedNote checkpoint, TimeStamp stamp) throws IOException {
        attestations.addTimeStamp(number(checkpoint), number, stamp, storage);
    }

    private static long number(SignedNote checkpoint) {
        return Checkpoint.parse(checkpoint.text()).size();
    }

    /** The last end of a certificate under a time stamp that this authority gave this checkpoint; empty if there is none. */
    private Optional<Instant> end(SignedNote checkpoint) throws IOException {
        Digest imprint = Attestations.imprint(checkpoint);
        return attestations.timeStamps(number(checkpoint)).entrySet().stream()
                .filter(kept -> (kept.getKey() - number) % Attestations.AUTHORITIES_MAX == 0)
                .flatMap(kept -> end(kept.getValue(), imprint).stream())
                .max(Instant::compareTo);
    }

    /** Of a time stamp that is damaged, or over something else, verification says so; here it counts as none. */
    private static Optional<Instant> end(byte[] response, Digest imprint) {
        try {
            return Optional.of(TimeStamp.parse(response).requireSigned(imprint).certificateNotAfter());
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            return Optional.empty();
        }
    }
}
