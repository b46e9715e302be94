package dev.evidencevault;

import dev.evidencevault.anchor.Anchor;
import dev.evidencevault.crypto.keys.NodeKeys;
import dev.evidencevault.crypto.keys.VaultSecret;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.crypto.note.Checkpoint;
import dev.evidencevault.format.Change;
import dev.evidencevault.format.Succession;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Settings;
import dev.evidencevault.storage.Storage;
import dev.evidencevault.storage.SuccessionFile;
import dev.evidencevault.storage.SuccessionFile.WrappedKeyset;
import dev.evidencevault.storage.UnlockedVault;
import dev.evidencevault.storage.VaultLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Hands a vault's signing over to new keys, in three steps of which each can be the last that a process makes.
 *
 * <ol>
 *   <li>The vault is opened and closed: all that it holds is under a checkpoint of the keys before.
 *   <li>What both sides signed over that checkpoint is put in place, with the new keyset in the same file. Its rename is the
 *       commit point: before it the vault has the old keys, after it the new ones.
 *   <li>The vault is opened with the new keys. Whoever does that first records the change, anchors it, and then signs the
 *       settings anew; that the settings have the old signature says that this is to be done.
 * </ol>
 */
final class SigningSuccession {
    private SigningSuccession() {}

    static void handOver(Path directory, VaultSecret secret, VaultOptions options, String reason)
            throws IOException, WrongKeyException {
        SuccessionFile.requireReason(reason);
        Vault.open(directory, secret, options).close();
        UnlockedVault unlocked = UnlockedVault.unlock(directory, secret);
        VaultLock lock = VaultLock.acquire(unlocked.layout().lock());
        try {
            commit(unlocked, options.storage(), reason);
        } finally {
            lock.close();
        }
        Vault.open(directory, secret, options).close();
    }

    private static void commit(UnlockedVault vault, Storage storage, String reason) throws IOException {
        Layout layout = vault.layout();
        Settings settings = vault.settings();
        if (!settings.isHandedOver(layout)) {
            throw new IllegalStateException(
                    "the last succession of keys is not finished: open the vault, and do it again");
        }
        List<Long> anchors = Layout.numbers(layout.anchors(), Layout.ANCHOR_SUFFIX);
        Anchor latest = Anchor.read(layout, anchors.get(anchors.size() - 1), settings.keys());
        NodeKeys next = vault.nodeKeys().successor(settings.suite());
        int number = settings.successions().size() + 1;
        Succession succession = Succession.sign(
                number, Checkpoint.parse(latest.note().text()), vault.checkpointSigner(), vault.checkpointSigner(next));
        SuccessionFile file =
                new SuccessionFile(succession, new WrappedKeyset(next.wrapSigning(vault.keyEncryption())), reason);
        if (!Files.isDirectory(layout.successions())) {
            storage.createDirectory(layout.successions());
            storage.syncDirectory(layout.root());
        }
        // The commit point.
        storage.replace(layout.succession(number), file.format());
    }

    /** Removes what a hand-over left that was cut short before its commit point. */
    static void removeUnfinished(Layout layout, Storage storage) throws IOException {
        for (Path file : Layout.list(layout.successions())) {
            if (file.toString().endsWith(Layout.TEMPORARY_SUFFIX)) {
                storage.delete(file);
            }
        }
    }

    /** Records the last succession of a vault that is open, if that has not been done. */
    static void finish(Vault vault, UnlockedVault unlocked, Storage storage) throws IOException {
        Layout layout = unlocked.layout();
        Settings settings = unlocked.settings();
        if (settings.successions().isEmpty() || settings.isHandedOver(layout)) {
            return;
        }
        SuccessionFile last = settings.successions().get(settings.successions().size() - 1);
        vault.service()
                .appendChangeAndWait(new Change(
                        Change.What.ROTATION,
                        last.succession().before().verifier().format(),
                        last.succession().after().verifier().format(),
                        last.reason()));
        vault.seal();
        storage.replace(
                layout.settingsSignature(), settings.sign(unlocked.signer()).format());
    }
}
