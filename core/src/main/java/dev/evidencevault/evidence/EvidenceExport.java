package dev.evidencevault.evidence;

import dev.evidencevault.anchor.Anchor;
import dev.evidencevault.anchor.AnchorProof;
import dev.evidencevault.attest.Attestations;
import dev.evidencevault.bundle.AnchorFile;
import dev.evidencevault.bundle.BundleContainer;
import dev.evidencevault.bundle.BundleLayout;
import dev.evidencevault.bundle.Completeness;
import dev.evidencevault.bundle.ExportStatement;
import dev.evidencevault.bundle.ProvenTag;
import dev.evidencevault.bundle.Scope;
import dev.evidencevault.cases.ApprovalFile;
import dev.evidencevault.cases.Order;
import dev.evidencevault.cases.OrderRefusedException;
import dev.evidencevault.crypto.cms.CadesSigner;
import dev.evidencevault.crypto.keys.TenantKeys;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.crypto.note.Checkpoint;
import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.crypto.vrf.VrfProof;
import dev.evidencevault.format.CommitmentScheme;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.LeafHeader.Tag;
import dev.evidencevault.format.LogId;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.format.Timestamps;
import dev.evidencevault.papers.ForeignRecordException;
import dev.evidencevault.papers.Papers;
import dev.evidencevault.papers.Tool;
import dev.evidencevault.place.PlaceRegister;
import dev.evidencevault.reader.TenantReader;
import dev.evidencevault.reader.VaultReader;
import dev.evidencevault.redaction.Redaction;
import dev.evidencevault.storage.UnlockedVault;
import dev.evidencevault.verify.BundleVerifier;
import dev.evidencevault.verify.Finding;
import dev.evidencevault.verify.Verdict;
import dev.evidencevault.verify.VerificationReport;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Answers production orders from one vault. Safe for use by several threads. */
public final class EvidenceExport {
    private final VaultReader vault;
    private final Clock clock;
    private final ExportOptions options;

    /**
     * What came of an export.
     *
     * @param records how many records are in the bundle
     * @param notYetAnchored how many more the order asks for that were acknowledged and are not anchored yet
     * @param report what the verification of the bundle found
     */
    public record Result(long records, long notYetAnchored, VerificationReport report) {}

    /** A bundle that is whole and verified, and has not appeared under its name yet. Closing it before removes it. */
    public static final class Unreleased implements AutoCloseable {
        private final WorkDirectory work;
        private final Path out;
        private final Result result;

        private Unreleased(WorkDirectory work, Path out, Result result) {
            this.work = work;
            this.out = out;
            this.result = result;
        }

        /** Returns where the bundle lies now, also if it is in a container by then. */
        public Path bundle() {
            return work.bundle();
        }

        /** Returns what came of the export. */
        public Result result() {
            return result;
        }

        /** Gives the bundle, or the container that it was signed into, its name. */
        public void release() throws IOException {
            Files.move(work.target(), out, StandardCopyOption.ATOMIC_MOVE);
            WorkDirectory.syncParent(out);
            work.released();
        }

        @Override
        public void close() {
            work.close();
        }
    }

    /** Creates the export of a vault. */
    public EvidenceExport(VaultReader vault, Clock clock) {
        this(vault, clock, ExportOptions.defaults());
    }

    /** Creates the export of a vault with options. */
    public EvidenceExport(VaultReader vault, Clock clock, ExportOptions options) {
        this.vault = vault;
        this.clock = clock;
        this.options = options;
    }

    /**
     * Writes the bundle that answers an order, and shows no more than it needs to: where the order names actors or asks for
     * acts under a privilege, nothing of others.
     *
     * @see #export(Order, Path, Completeness)
     */
    public Result export(Order order, Path out) throws IOException, WrongKeyException, OrderRefusedException {
        return export(order, out, Completeness.least(order));
    }

    /**
     * Writes the bundle that answers an order. The file appears under its name when it is whole and has been verified.
     *
     * @param completeness how it shows that nothing is left out
     * @throws OrderRefusedException if the order has expired, its tenant is unknown, or it cannot be answered
     *     in this way
     * @throws FileAlreadyExistsException if there is a file of that name; evidence is never overwritten
     * @throws CorruptFileException if the tenant's log is damaged; {@code VaultVerifier} says where else
     * @throws ForeignRecordException if the tenant's log holds something that is not of this tenant
     */
    public Result export(Order order, Path out, Completeness completeness)
            throws IOException, WrongKeyException, OrderRefusedException {
        try (Unreleased bundle = prepare(order, out, completeness)) {
            bundle.release();
            return bundle.result();
        }
    }

    /**
     * As {@link #export(Order, Path, Completeness)}, with the bundle not under its name yet, for who has something to do
     * before.
     */
    public Unreleased prepare(Order order, Path out, Completeness completeness)
            throws IOException, WrongKeyException, OrderRefusedException {
        return prepare(order, out, completeness, null, Optional.empty());
    }

    /** As {@link #prepare(Order, Path, Completeness)}, under an approval, which is of the redaction if there is one. */
    Unreleased prepare(
            Order order,
            Path out,
            Completeness completeness,
            @Nullable ApprovalFile approval,
            Optional<Redaction> redaction)
            throws IOException, WrongKeyException, OrderRefusedException {
        if (!completeness.answers(order)) {
            throw new OrderRefusedException(refusal(completeness));
        }
        long now = Timestamps.nanos(clock.instant());
        order.requireInForce(now);
        TenantReader tenant = vault.tenant(order.tenant())
                .orElseThrow(() -> new OrderRefusedException(
                        "the vault has no tenant \"" + order.tenant() + "\"; see evault tenants"));
        if (redaction.isPresent() && tenant.commitments() != CommitmentScheme.FIELDS) {
            throw new OrderRefusedException(Redaction.NOT_REDACTABLE);
        }
        if (Files.exists(out)) {
            throw new FileAlreadyExistsException(out.toString(), null, "evidence is never overwritten");
        }
        WorkDirectory work = options.resume() ? WorkDirectory.resume(out) : WorkDirectory.create(out);
        boolean whole = false;
        try {
            Unreleased bundle =
                    new Unreleased(work, out, write(order, completeness, approval, redaction, tenant, now, work));
            whole = true;
            return bundle;
        } finally {
            if (!whole) {
                work.close();
            }
        }
    }

    private static String refusal(Completeness completeness) {
        return switch (completeness) {
            case INDEX -> "an index answers an order that names actors or a privilege, and a time of happening";
            case HEADERS -> "an order whose times are those of recording is answered with a range of the log";
            case RANGE -> "a range of the log answers an order whose times are those of recording";
        };
    }

    private Result write(
            Order order,
            Completeness completeness,
            @Nullable ApprovalFile approval,
            Optional<Redaction> redaction,
            TenantReader tenant,
            long now,
            WorkDirectory work)
            throws IOException, OrderRefusedException {
        // What is not sealed is read first: a record that is sealed in between is then seen twice, not never.
        List<LogRecord> unsealed = tenant.unsealed();
        Anchor anchor = tenant.latestAnchor().orElseThrow(EvidenceExport::nothingAnchored);
        Anchor.Entry entry = anchor.entries().get(tenant.logId());
        Optional<AnchorProof> proof =
                AnchorProof.of(anchor, tenant.logId(), vault.unlocked().nodeKeys());
        if (entry == null || proof.isEmpty()) {
            throw nothingAnchored();
        }
        Checkpoint head = entry.checkpoint(tenant.logId());
        if (tenant.destroyedLeaves() >= head.size()) {
            throw new OrderRefusedException("all that is anchored of this tenant was destroyed when its time was over");
        }
        TenantKeys keys = tenant.keys();
        Scope scope = new Scope(
                tenant.logId(),
                completeness,
                proven(order.actors(), keys::actorTag, keys::actorProof),
                proven(order.services(), keys::serviceTag, keys::serviceProof),
                LogExtract.destroyed(tenant, order, completeness),
                vault.unlocked().settings().keys());
        LogExtract extract = new LogExtract(tenant, order, redaction, scope, head, work, options);
        extract.run(unsealed);

        ExportStatement statement = new ExportStatement(
                software(),
                now,
                vault.unlocked().settings().vaultId(),
                tenant.logId(),
                order.tenant(),
                extract.records(),
                extract.notYetAnchored(),
                approval == null ? null : approval.approval().head().id(),
                lay(tenant.logId()));
        if (approval != null) {
            work.write(BundleLayout.APPROVAL, approval.format());
        }
        if (redaction.isPresent()) {
            work.write(BundleLayout.REDACTION, redaction.get().format());
        }
        work.write(BundleLayout.ORDER, order.text().bytes());
        work.write(BundleLayout.EXPORT, statement.format());
        work.write(BundleLayout.SCOPE, scope.format());
        work.write(BundleLayout.CHECKPOINT, head.format().getBytes(StandardCharsets.UTF_8));
        work.write(BundleLayout.ANCHOR, AnchorFile.format(proof.get()));
        work.write(BundleLayout.NODE_CHECKPOINT, witnessed(anchor).format());
        BundledTimeStamps.of(anchor, vault.unlocked().layout()).write(work);
        PapersProgress sources = new PapersProgress(work, options.progress());
        new Papers(Tool.running(), options.views()).write(sources::open, work::create);
        options.progress().at(ExportProgress.Phase.PACKING, 0, 0);
        new BagWriter(work, vault.unlocked().checkpointSigner()).write(order, statement);

        options.progress().at(ExportProgress.Phase.VERIFYING, 0, 0);
        VerificationReport report = verified(work.bundle());
        if (options.signer() != null) {
            options.progress().at(ExportProgress.Phase.SIGNING, 0, 0);
            sign(work, options.signer());
            options.progress().at(ExportProgress.Phase.VERIFYING, 0, 0);
            report = verified(work.container());
        }
        return new Result(extract.records(), extract.notYetAnchored(), report);
    }

    /** Where the tenant's records lie, as the vault's register has it. */
    private List<ExportStatement.Lay> lay(LogId logId) throws IOException {
        UnlockedVault unlocked = vault.unlocked();
        return PlaceRegister.read(unlocked.layout(), unlocked.settings()).of(logId).stream()
                .map(place -> new ExportStatement.Lay(place.name(), place.jurisdiction(), place.kind()))
                .toList();
    }

    private VerificationReport verified(Path bundle) throws IOException {
        VerificationReport report = new BundleVerifier(vault.signer().verifier()).verify(bundle);
        if (report.verdict() == Verdict.FAILED) {
            Finding first = report.with(Verdict.FAILED).get(0);
            throw new IOException(
                    "the bundle does not verify and was not written: " + first.where() + ": " + first.reason());
        }
        return report;
    }

    private static void sign(WorkDirectory work, CadesSigner signer) throws IOException {
        try {
            BundleContainer.sign(work.bundle(), work.container(), signer);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while a time stamp of the signature was asked for");
        }
    }

    /** The anchor's checkpoint, with the lines of the witnesses that cosigned it. */
    private SignedNote witnessed(Anchor anchor) throws IOException {
        return new Attestations(vault.unlocked().layout())
                .witnessedNote(anchor.head().index() + 1)
                .filter(note -> note.text().equals(anchor.note().text())
                        && vault.unlocked()
                                .settings()
                                .keys()
                                .at(anchor.head().index() + 1)
                                .verifiesFirst(note))
                .orElse(anchor.note());
    }

    private static OrderRefusedException nothingAnchored() {
        return new OrderRefusedException(
                "nothing of this tenant is anchored yet; close the writer or wait until it has sealed");
    }

    private static Map<String, ProvenTag> proven(
            List<String> names, Function<String, byte[]> tag, Function<String, VrfProof> proof) {
        Map<String, ProvenTag> tags = new TreeMap<>();
        names.forEach(name -> tags.put(name, new ProvenTag(Tag.of(tag.apply(name)), proof.apply(name))));
        return tags;
    }

    private static String software() {
        String version = EvidenceExport.class.getPackage().getImplementationVersion();
        return "Evidence Vault " + (version == null ? "(development)" : version);
    }
}
