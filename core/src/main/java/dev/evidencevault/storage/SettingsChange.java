package dev.evidencevault.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Replaces the settings of a vault, under its lock. Two files have to change, {@code vault.json} and the signature over it: the
 * settings that are to come lie beside the old ones until the signature over them is in place, which is the commit point. A
 * reader takes those that are signed.
 */
public final class SettingsChange {
    private SettingsChange() {}

    /** Puts signed settings in place of those that are there. */
    public static void replace(UnlockedVault vault, Settings next, Storage storage) throws IOException {
        Layout layout = vault.layout();
        storage.replace(layout.nextSettings(), next.format());
        // From here on the new settings are those of the vault.
        storage.replace(layout.settingsSignature(), next.sign(vault.signer()).format());
        putInPlace(layout, storage);
    }

    /** Finishes a change that was cut short after its commit point, and drops one that was cut short before it. */
    public static void settle(Layout layout, Storage storage) throws IOException {
        for (Path file : List.of(layout.nextSettings(), layout.settingsSignature())) {
            if (Files.exists(Storage.temporary(file))) {
                storage.delete(Storage.temporary(file));
            }
        }
        if (!Files.exists(layout.nextSettings())) {
            return;
        }
        if (Settings.signedNext(layout).isPresent()) {
            putInPlace(layout, storage);
        } else {
            storage.delete(layout.nextSettings());
            storage.syncDirectory(layout.root());
        }
    }

    private static void putInPlace(Layout layout, Storage storage) throws IOException {
        storage.rename(layout.nextSettings(), layout.settings());
        storage.syncDirectory(layout.root());
    }
}
