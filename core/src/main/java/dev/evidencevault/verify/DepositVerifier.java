package dev.evidencevault.verify;

import dev.evidencevault.copy.CopyChain;
import dev.evidencevault.copy.CopyPart;
import dev.evidencevault.deposit.DepositProgress;
import dev.evidencevault.format.LogId;
import dev.evidencevault.place.DirectoryStore;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Layout.LogDirectory;
import dev.evidencevault.storage.LogKeys;
import dev.evidencevault.storage.Settings;
import dev.evidencevault.storage.Tombstone;
import dev.evidencevault.storage.UnlockedVault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Verifies deposits alone: that they are those which the sealed part of their logs tells of, and unchanged. Reads the files of
 * the logs that are asked for and of no other. That the logs themselves go as far as they did is what
 * {@link VaultVerifier} finds, by the anchors. Immutable and safe for use by several threads.
 */
public final class DepositVerifier {
    private final Layout layout;
    private final @Nullable UnlockedVault vault;
    private final DepositProgress progress;

    /**
     * Creates a verifier without keys.
     *
     * @throws NoSuchFileException if there is no vault
     */
    public DepositVerifier(Path directory) throws NoSuchFileException {
        this(new Layout(directory), null, DepositProgress.NONE);
    }

    /** Creates a verifier that decrypts as well. */
    public DepositVerifier(UnlockedVault vault, DepositProgress progress) throws NoSuchFileException {
        this(vault.layout(), vault, progress);
    }

    private DepositVerifier(Layout layout, @Nullable UnlockedVault vault, DepositProgress progress)
            throws NoSuchFileException {
        if (!VaultVerifier.looksLikeVault(layout.root())) {
            throw new NoSuchFileException(layout.root().toString(), null, "there is no vault here");
        }
        this.layout = layout;
        this.vault = vault;
        this.progress = progress;
    }

    /** Verifies the deposits of all logs. */
    public VerificationReport verify() throws IOException {
        Findings findings = new Findings();
        Map<LogId, LogDirectory> logs = new LinkedHashMap<>();
        if (!layout.isCopy() || Files.exists(layout.service().keys())) {
            logs.put(LogKeys.read(layout.service()).logId(), layout.service());
        }
        for (Path directory : Layout.list(layout.tenants())) {
            if (!directory.toString().endsWith(Layout.TEMPORARY_SUFFIX)) {
                try {
                    logs.put(LogId.parse(String.valueOf(directory.getFileName())), layout.log(directory));
                } catch (IllegalArgumentException e) {
                    findings.failed(Claim.FILES, Findings.relative(layout.root(), directory), e);
                }
            }
        }
        return verify(logs, findings);
    }

    /** Verifies the deposits of one log: a tenant's, or the service's own. */
    public VerificationReport verify(LogId logId) throws IOException {
        LogDirectory tenant = layout.tenant(logId);
        return verify(Map.of(logId, Files.isDirectory(tenant.path()) ? tenant : layout.service()), new Findings());
    }

    private VerificationReport verify(Map<LogId, LogDirectory> logs, Findings findings) throws IOException {
        // A run of copying may be adding to a copy now, or may not have ended: nothing there tells.
        WriterState writer = layout.isCopy() ? WriterState.WRITING : WriterState.of(layout);
        Settings settings = Settings.read(layout);
        long items = 0;
        for (Map.Entry<LogId, LogDirectory> log : logs.entrySet()) {
            LogVerifier verifier = new LogVerifier(layout, log.getKey(), log.getValue(), settings, null, findings);
            if (layout.isCopy()) {
                CopyPart part = new CopyPart(log.getKey(), log.getValue().equals(layout.service()));
                verifier.announced(CopyChain.read(new DirectoryStore(layout.root()), part, settings)
                        .keys());
            }
            verifier.run(writer);
            // In a copy the keys of a log may have been destroyed: what is left is compared as its seals name it.
            boolean destroyed =
                    layout.isCopy() && (!Files.exists(log.getValue().keys()) || Tombstone.isAt(log.getValue()));
            items += new DepositCheck(
                            layout, log.getKey(), log.getValue(), destroyed ? null : vault, progress, findings)
                    .run(writer, verifier.deposits());
        }
        findings.passedIfClean(
                Claim.SEGMENTS, "vault", "the sealed parts of " + logs.size() + " logs are unchanged, without a gap");
        findings.passedIfClean(
                Claim.BACKUPS,
                "vault",
                "the " + items + " backups that the logs tell of are there, and their packs are unchanged"
                        + (vault == null ? "" : "; all of it decrypts"));
        return findings.report();
    }
}
