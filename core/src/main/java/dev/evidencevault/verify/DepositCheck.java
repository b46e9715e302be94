package dev.evidencevault.verify;

import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.deposit.Catalogue;
import dev.evidencevault.deposit.DepositKind;
import dev.evidencevault.deposit.DepositProgress;
import dev.evidencevault.deposit.Depositor;
import dev.evidencevault.deposit.Item;
import dev.evidencevault.deposit.ItemFile;
import dev.evidencevault.deposit.TenantBackups;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.LogId;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Layout.LogDirectory;
import dev.evidencevault.storage.LocalStorage;
import dev.evidencevault.storage.Tombstone;
import dev.evidencevault.storage.UnlockedVault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Checks the deposits of one log. Without a key: every item that the log tells of is there, unchanged, and every pack that an
 * item needs has the digest that the item names. With the log's keys also that all of it decrypts and is what was put. For one
 * thread, once.
 */
final class DepositCheck {
    private final Layout layout;
    private final LogId logId;
    private final LogDirectory directory;
    private final DepositKind kind;
    private final @Nullable UnlockedVault vault;
    private final DepositProgress progress;
    private final Findings findings;
    private final Map<Long, Digest> packs = new TreeMap<>();

    DepositCheck(
            Layout layout,
            LogId logId,
            LogDirectory directory,
            @Nullable UnlockedVault vault,
            DepositProgress progress,
            Findings findings) {
        this.layout = layout;
        this.logId = logId;
        this.directory = directory;
        this.kind = directory.equals(layout.service()) ? DepositKind.SERVICE : DepositKind.TENANT;
        this.vault = vault;
        this.progress = progress;
        this.findings = findings;
    }

    /**
     * Checks the deposits; returns how many items there are.
     *
     * @param told the digests of the items that the log tells of, read before this
     */
    int run(WriterState writer, List<Digest> told) throws IOException {
        if (!layout.isCopy() && Tombstone.isAt(directory)) {
            // They went with the keys; that no file of them is left, and that the tombstone is good, was looked at
            // already.
            return 0;
        }
        // Deposits are made beside everything else: a kill can leave an unfinished one at any time.
        VaultVerifier.checkNames(directory.backups(), DepositCheck::isName, writer, layout, findings);
        Map<Digest, Long> found = new LinkedHashMap<>();
        List<Long> numbers = Layout.numbers(directory.backups(), Layout.ITEM_SUFFIX);
        long last = numbers.isEmpty() ? 0 : numbers.get(numbers.size() - 1);
        for (long number = 1; number <= last; number++) {
            try {
                ItemFile item = ItemFile.read(directory, kind, logId, number);
                found.put(item.digest(), number);
                for (Map.Entry<Long, Digest> pack : item.packs().entrySet()) {
                    Digest other = packs.putIfAbsent(pack.getKey(), pack.getValue());
                    if (other != null && !other.equals(pack.getValue())) {
                        failed(
                                directory.item(number),
                                "it names another digest of pack " + pack.getKey() + " than an item before it");
                    }
                }
            } catch (CorruptFileException e) {
                findings.failed(Claim.BACKUPS, layout.root(), e);
            }
        }
        compare(writer, told, found);
        checkPacks();
        UnlockedVault unlocked = vault;
        if (unlocked != null && last > 0) {
            decrypt(unlocked);
        }
        return found.size();
    }

    private static boolean isName(String name) {
        String whole = name.endsWith(Layout.TEMPORARY_SUFFIX)
                ? name.substring(0, name.length() - Layout.TEMPORARY_SUFFIX.length())
                : name;
        return name.equals("lock")
                || Layout.isNumbered(whole, Layout.PACK_SUFFIX)
                || Layout.isNumbered(whole, Layout.ITEM_SUFFIX)
                || Layout.isNumbered(whole, Layout.RECORDED_SUFFIX);
    }

    private void failed(Path file, String reason) {
        findings.failed(Claim.BACKUPS, Findings.relative(layout.root(), file), reason);
    }

    private void compare(WriterState writer, List<Digest> told, Map<Digest, Long> found) {
        Set<Digest> missing = new LinkedHashSet<>(told);
        missing.removeAll(found.keySet());
        for (Digest digest : missing) {
            failed(
                    directory.backups(),
                    "the log tells of an item with SHA-256 " + digest + "; it is not there any more");
        }
        Map<Digest, Long> unknown = new LinkedHashMap<>(found);
        told.forEach(unknown::remove);
        for (long number : unknown.values()) {
            Path file = directory.item(number);
            if (!missing.isEmpty()) {
                failed(file, "the log tells of no item with the SHA-256 of this file, and misses another");
            } else if (writer == WriterState.CLOSED) {
                findings.indeterminate(
                        Claim.BACKUPS,
                        Findings.relative(layout.root(), file),
                        "the log does not tell of it yet; whoever opens the vault for writing records it");
            }
        }
    }

    private void checkPacks() throws IOException {
        for (Map.Entry<Long, Digest> pack : packs.entrySet()) {
            Path file = directory.pack(pack.getKey());
            try {
                if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    failed(file, "the pack is missing");
                } else if (!Digest.sha256(file).equals(pack.getValue())) {
                    failed(file, "the pack is not the one that its items name");
                }
            } catch (NoSuchFileException e) {
                failed(file, "the pack is missing");
            }
        }
    }

    private void decrypt(UnlockedVault unlocked) throws IOException {
        try {
            TenantBackups backups = new TenantBackups(
                    new Depositor(kind, logId, directory, unlocked.keys(directory)),
                    new LocalStorage(),
                    Clock.systemUTC(),
                    null);
            Catalogue catalogue = backups.catalogue();
            catalogue.broken().forEach(broken -> findings.failed(Claim.BACKUPS, layout.root(), broken));
            for (Item item : catalogue.items()) {
                try {
                    backups.checkList(item);
                } catch (CorruptFileException e) {
                    findings.failed(Claim.BACKUPS, layout.root(), e);
                }
            }
            backups.checkPacks(progress).forEach(broken -> findings.failed(Claim.BACKUPS, layout.root(), broken));
        } catch (WrongKeyException e) {
            failed(directory.keys(), "the keys do not open: " + e.getMessage());
        }
    }
}
