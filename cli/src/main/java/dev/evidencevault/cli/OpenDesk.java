package dev.evidencevault.cli;

import dev.evidencevault.Vault;
import dev.evidencevault.cases.CaseDesk;
import dev.evidencevault.crypto.keys.VaultSecret;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.storage.LocalStorage;
import dev.evidencevault.storage.UnlockedVault;
import dev.evidencevault.storage.VaultLock;
import dev.evidencevault.storage.VaultLockedException;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;

/**
 * The desk of a vault, as the command line opens it.
 *
 * @param unlocked the vault
 * @param secret its secret
 * @param desk where steps are made
 */
record OpenDesk(UnlockedVault unlocked, VaultSecret secret, CaseDesk desk) {
    static OpenDesk of(VaultOption vault, Shell shell) throws IOException, KeyUnavailableException, WrongKeyException {
        VaultSecret secret = vault.secret.secret(shell, false);
        UnlockedVault unlocked = UnlockedVault.unlock(vault.directory, secret);
        CaseDesk desk = new CaseDesk(unlocked, new LocalStorage(), Clock.systemUTC(), new SecureRandom());
        return new OpenDesk(unlocked, secret, desk);
    }

    /** Says whether a process writes the vault now. */
    boolean isWritten() throws IOException {
        return VaultLock.isHeld(unlocked.layout().lock());
    }

    /** Has the steps appended to the logs: here, or by whoever writes the vault. */
    void record(SinkOption sinks, Shell shell) throws IOException, WrongKeyException {
        if (isWritten()) {
            shell.message("the vault is being written; who writes it records the step at the next anchor");
            return;
        }
        try (Vault opened = Vault.open(unlocked.layout().root(), secret, sinks.in(InitCommand.options(), shell))) {
            shell.tellRecovery(opened);
            // Done at opening; what kept it from being done is told here.
            opened.recordCases();
        } catch (VaultLockedException e) {
            shell.message("the vault is being written; who writes it records the step at the next anchor");
        }
    }
}
