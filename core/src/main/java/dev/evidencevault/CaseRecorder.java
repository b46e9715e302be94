package dev.evidencevault;

import dev.evidencevault.cases.BrokenCaseException;
import dev.evidencevault.cases.Case;
import dev.evidencevault.cases.CaseFiles;
import dev.evidencevault.cases.CaseId;
import dev.evidencevault.cases.CaseRecord;
import dev.evidencevault.cases.CaseStep;
import dev.evidencevault.cases.PersonRegister;
import dev.evidencevault.cases.RecordedSteps;
import dev.evidencevault.crypto.keys.KeySourceException;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.Timestamps;
import dev.evidencevault.segment.SegmentFile;
import dev.evidencevault.shred.ShredRecord;
import dev.evidencevault.sink.CheckpointSink;
import dev.evidencevault.storage.Layout.LogDirectory;
import dev.evidencevault.storage.LogKeys;
import dev.evidencevault.storage.UnlockedVault;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes up the steps of cases that others have made and appends them to the logs: to the vault's own, and, where the
 * tenant may know, to the tenant's. At opening and after each anchor; whatever a crash leaves, each step is in a log once,
 * found by its digest. What does not verify is passed over; the verification of the vault says where it is. Safe for use
 * by several threads.
 *
 * <p>It is told of anchors as a sink is told of checkpoints, in the same thread.
 */
final class CaseRecorder implements CheckpointSink {
    private static final Logger LOG = LoggerFactory.getLogger(CaseRecorder.class);

    private final UnlockedVault unlocked;
    private final CaseFiles files;
    private final VaultOptions options;
    private volatile @Nullable Vault vault;

    // Guarded by this.
    private final Map<LogDirectory, Known> recorded = new HashMap<>();
    private final Map<CaseId, Settled> settled = new HashMap<>();
    private final Set<CaseId> told = new HashSet<>();

    /** When the keys of tenants were destroyed, by names that may have been given anew since; null before it was looked. */
    private @Nullable Map<String, Long> ends;

    /**
     * Which steps a log holds.
     *
     * @param since from when on it was looked for them
     * @param steps their digests
     */
    private record Known(long since, Set<Digest> steps) {}

    /**
     * A case of which nothing is to be recorded now.
     *
     * @param steps how many steps it had
     * @param until when that changes though no step is added
     */
    private record Settled(int steps, long until) {}

    CaseRecorder(UnlockedVault unlocked, VaultOptions options) {
        this.unlocked = unlocked;
        this.files = new CaseFiles(unlocked);
        this.options = options;
    }

    /**
     * Begins, once the vault can be appended to and all that was recovered is sealed. Cases that cannot be read keep no
     * application from logging.
     */
    void start(Vault open) {
        vault = open;
        recordOrWarn();
    }

    @Override
    public String name() {
        return "cases";
    }

    @Override
    public void deliver(SignedNote checkpoint) {
        try {
            recordOrWarn();
        } catch (VaultFailedException e) {
            LOG.debug("steps of cases are recorded when the vault is opened again", e);
        }
    }

    private void recordOrWarn() {
        try {
            record();
        } catch (IOException e) {
            LOG.warn("steps of cases were not recorded; that will be tried again after the next anchor", e);
        }
    }

    /** Appends what is not in the logs yet and returns when it is on disk. */
    synchronized void record() throws IOException {
        Vault open = vault;
        if (open == null || !Files.isDirectory(unlocked.layout().cases())) {
            return;
        }
        try {
            List<CompletableFuture<Receipt>> appended = new ArrayList<>();
            record(open, appended);
            for (CompletableFuture<Receipt> each : appended) {
                each.join();
            }
        } catch (CompletionException e) {
            if (e.getCause() instanceof VaultFailedException failed) {
                throw failed;
            }
            throw e;
        } catch (WrongKeyException e) {
            throw new IOException("the keys of a log do not open: " + e.getMessage(), e);
        }
    }

    private void record(Vault open, List<CompletableFuture<Receipt>> appended) throws IOException, WrongKeyException {
        long now = Timestamps.nanos(options.clock().instant());
        PersonRegister register;
        try {
            register = PersonRegister.verify(
                    unlocked.settings().vaultId(), unlocked.settings().keys(), files.read(CaseId.REGISTER));
        } catch (BrokenCaseException | CorruptFileException e) {
            tell(CaseId.REGISTER, e);
            return;
        }
        append(open.service(), unlocked.layout().service(), register.steps(), null, Long.MIN_VALUE, now, appended);
        for (CaseId id : files.ids()) {
            Settled before = settled.get(id);
            if (before != null && before.steps() == files.count(id) && now < before.until()) {
                continue;
            }
            try {
                Case each = Case.verify(
                        unlocked.settings().vaultId(), unlocked.settings().keys(), register, id, files.read(id));
                record(open, each, now, appended);
            } catch (BrokenCaseException | CorruptFileException e) {
                tell(id, e);
            }
        }
    }

    private void tell(CaseId id, Exception e) {
        if (told.add(id)) {
            LOG.error("the steps of case {} do not verify and are not recorded; see evault verify", id, e);
        }
    }

    private void record(Vault open, Case each, long now, List<CompletableFuture<Receipt>> appended)
            throws IOException, WrongKeyException {
        String tenant = each.opened().tenant();
        boolean all = append(
                open.service(), unlocked.layout().service(), each.steps(), tenant, Long.MIN_VALUE, now, appended);
        long until = each.toldFrom();
        if (each.steps().get(0).at() <= ends().getOrDefault(tenant, Long.MIN_VALUE)) {
            // It was about the tenant that had the name before; who has it now must not know.
            if (all) {
                settled.put(each.id(), new Settled(each.steps().size(), Long.MAX_VALUE));
            }
            return;
        }
        Optional<TenantLog> log;
        try {
            log = now >= until ? open.existingTenant(tenant) : Optional.empty();
        } catch (KeySourceException e) {
            LOG.warn("a step of case {} is recorded when the tenant's keys can be had: {}", each.id(), e.getMessage());
            return;
        }
        if (log.isPresent()) {
            LogDirectory directory = unlocked.layout().tenant(log.get().logId());
            long destroyedUntil = destroyedUntil(directory);
            // What was told late is not among what was destroyed before.
            long passed = until <= destroyedUntil ? destroyedUntil : Long.MIN_VALUE;
            all &= append(log.get(), directory, each.steps(), tenant, passed, now, appended);
            until = Long.MAX_VALUE;
        }
        if (all) {
            settled.put(each.id(), new Settled(each.steps().size(), until));
        }
    }

    private Map<String, Long> ends() throws IOException, WrongKeyException {
        Map<String, Long> known = ends;
        if (known == null) {
            // Once: keys are destroyed while nobody has the vault open.
            known = ShredRecord.ends(unlocked);
            ends = known;
        }
        return known;
    }

    /** Until when the records of a log were destroyed: what it told of steps up to then is not told again. */
    private static long destroyedUntil(LogDirectory directory) throws IOException {
        long first = LogKeys.read(directory).firstSegment();
        if (first == 1) {
            return Long.MIN_VALUE;
        }
        try (SegmentFile file = new SegmentFile(directory.segment(first - 1))) {
            return file.sealRecord().recordedAt();
        }
    }

    /**
     * Appends the steps that a log does not have. Says whether it has all of them now.
     *
     * @param passed steps of this time or before are passed over
     */
    private boolean append(
            TenantLog log,
            LogDirectory directory,
            List<CaseStep> steps,
            @Nullable String tenant,
            long passed,
            long now,
            List<CompletableFuture<Receipt>> appended)
            throws IOException, WrongKeyException {
        for (CaseStep step : steps) {
            if (step.at() > now) {
                // By a clock that is ahead: a step is never recorded before the time that it names.
                return false;
            }
            if (step.at() > passed && known(directory, steps.get(0).at()).add(step.digest())) {
                appended.add(log.appendChange(CaseRecord.of(step, tenant).toChange()));
            }
        }
        return true;
    }

    /** Returns which steps a log holds of those that were made at a time or later, as far as they are sealed or appended here. */
    private Set<Digest> known(LogDirectory directory, long since) throws IOException, WrongKeyException {
        Known known = recorded.get(directory);
        if (known == null || known.since() > since) {
            Set<Digest> digests = new HashSet<>(known == null ? Set.of() : known.steps());
            for (RecordedSteps.Recorded each : RecordedSteps.read(directory, unlocked.keys(directory), since)) {
                digests.add(each.record().step());
            }
            known = new Known(since, digests);
            recorded.put(directory, known);
        }
        return known.steps();
    }
}
