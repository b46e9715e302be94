package dev.evidencevault.deposit;

import dev.evidencevault.SmallVault;
import dev.evidencevault.reader.TenantReader;
import dev.evidencevault.reader.VaultReader;
import dev.evidencevault.storage.Layout.LogDirectory;
import dev.evidencevault.storage.Storage;
import dev.evidencevault.storage.UnlockedVault;
import dev.evidencevault.storage.UnsyncedStorage;
import dev.evidencevault.verify.VaultVerifier;
import dev.evidencevault.verify.VerificationReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A small vault into which tests deposit. */
final class DepositedVault {
    final Path root;

    DepositedVault(Path root) throws IOException {
        this.root = root;
        SmallVault.write(root);
    }

    Depositor depositor(String tenant) throws Exception {
        TenantReader reader = SmallVault.open(root).tenant(tenant).orElseThrow();
        return new Depositor(DepositKind.TENANT, reader.logId(), reader.directory(), reader.keys());
    }

    TenantBackups backups(String tenant) throws Exception {
        return backups(tenant, new UnsyncedStorage());
    }

    TenantBackups backups(String tenant, Storage storage) throws Exception {
        return new TenantBackups(depositor(tenant), storage, Clock.systemUTC(), null);
    }

    LogDirectory directory(String tenant) throws Exception {
        return depositor(tenant).directory();
    }

    VerificationReport verify() throws Exception {
        return new VaultVerifier(null, null).verify(root);
    }

    VerificationReport verifyWithKeys() throws Exception {
        return new VaultVerifier(null, null).verify(UnlockedVault.unlock(root, SmallVault.SECRET));
    }

    VaultReader reader() throws Exception {
        return SmallVault.open(root);
    }

    static byte[] random(long seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    /** Returns lines that compress, of about this length. */
    static byte[] text(long seed, int length) {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder(length + 64);
        while (text.length() < length) {
            text.append("customer ")
                    .append(random.nextInt(1_000_000))
                    .append(" ordered ")
                    .append(random.nextInt(1000))
                    .append(" pieces\n");
        }
        return text.toString().getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    }

    /** Returns the contents of all entries below a directory, with what they are. */
    static Map<String, String> tree(Path directory) throws IOException {
        Map<String, String> tree = new TreeMap<>();
        try (Stream<Path> entries = Files.walk(directory)) {
            for (Path entry : entries.toList()) {
                String what = Files.isSymbolicLink(entry)
                        ? "link to " + Files.readSymbolicLink(entry)
                        : Files.isDirectory(entry)
                                ? "directory"
                                : "file " + dev.evidencevault.crypto.merkle.Digest.sha256(entry);
                String mode = Files.isSymbolicLink(entry) ? "" : " " + Files.getPosixFilePermissions(entry);
                tree.put(
                        directory.relativize(entry).toString(),
                        what + mode + " " + Files.getLastModifiedTime(entry, java.nio.file.LinkOption.NOFOLLOW_LINKS));
            }
        }
        return tree;
    }
}
