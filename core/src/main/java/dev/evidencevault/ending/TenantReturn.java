package dev.evidencevault.ending;

import dev.evidencevault.cases.OrderRefusedException;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.deposit.Catalogue;
import dev.evidencevault.deposit.DepositProgress;
import dev.evidencevault.deposit.Item;
import dev.evidencevault.deposit.TenantBackups;
import dev.evidencevault.evidence.EvidenceExport;
import dev.evidencevault.evidence.ExportOptions;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.Timestamps;
import dev.evidencevault.reader.TenantReader;
import dev.evidencevault.reader.VaultReader;
import dev.evidencevault.storage.Storage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives a tenant back all that is kept of it, in forms that need no Evidence Vault to be read: its records, as bundles that
 * prove them, and what it deposited, as the files that it was. Reads the vault and changes nothing in it. Safe for use by
 * several threads.
 */
public final class TenantReturn {
    /** After how many bytes of records another bundle begins: with all views it stays below what a bundle may have. */
    private static final long PLAIN_BYTES_OF_A_BUNDLE = 512L << 20;

    private static final Logger LOG = LoggerFactory.getLogger(TenantReturn.class);
    private static final List<String> READMES = List.of("README.txt", "README.ja.txt");

    private static final Set<PosixFilePermission> OWNER_OF_DIRECTORY = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> OWNER_OF_FILE = PosixFilePermissions.fromString("r--------");

    private final VaultReader vault;
    private final Clock clock;
    private final ExportOptions options;
    private final DepositProgress progress;
    private final long plainBytes;

    /**
     * What was given back.
     *
     * @param records how many records are in the bundles
     * @param notYetAnchored how many more were acknowledged when the last bundle was made, and are not anchored yet
     * @param bundles how many bundles there are
     * @param backups how many deposited items
     * @param backupBytes how many bytes their files have together
     */
    public record Result(long records, long notYetAnchored, int bundles, int backups, long backupBytes) {}

    /** Creates the return out of a vault. */
    public TenantReturn(VaultReader vault, Clock clock, ExportOptions options, DepositProgress progress) {
        this(vault, clock, options, progress, PLAIN_BYTES_OF_A_BUNDLE);
    }

    TenantReturn(VaultReader vault, Clock clock, ExportOptions options, DepositProgress progress, long plainBytes) {
        this.vault = vault;
        this.clock = clock;
        this.options = options;
        this.progress = progress;
        this.plainBytes = plainBytes;
    }

    /**
     * Writes a directory with all that is kept of a tenant. It appears under its name when it is whole.
     *
     * @throws OrderRefusedException if there is no such tenant, nothing of it is anchored, or the request is not whole
     * @throws FileAlreadyExistsException if there is something of that name
     * @throws IOException also if a deposited item is damaged or missing: what is returned is everything, or nothing
     */
    public Result write(ReturnRequest request, Path out) throws IOException, WrongKeyException, OrderRefusedException {
        TenantReader tenant = vault.tenant(request.tenant())
                .orElseThrow(() -> new OrderRefusedException(
                        "the vault has no tenant \"" + request.tenant() + "\"; see evault tenants"));
        request.order(1, 1, null, null);
        if (Files.exists(out, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileAlreadyExistsException(out.toString(), null, "what was returned is never overwritten");
        }
        Path work = Storage.temporary(out);
        createPrivate(work);
        // Nothing in it is encrypted: it does not stay behind if the process is told to stop.
        Thread onShutdown = new Thread(() -> removeQuietly(work), "evault-return-cleanup");
        Runtime.getRuntime().addShutdownHook(onShutdown);
        boolean whole = false;
        try {
            Result result = write(request, tenant, work);
            Files.move(work, out, StandardCopyOption.ATOMIC_MOVE);
            whole = true;
            return result;
        } finally {
            if (!whole) {
                removeQuietly(work);
            }
            unhook(onShutdown);
        }
    }

    private static void unhook(Thread onShutdown) {
        try {
            Runtime.getRuntime().removeShutdownHook(onShutdown);
        } catch (IllegalStateException e) {
            LOG.debug("the process is being stopped, and the hook runs", e);
        }
    }

    /** Removes what is not whole; what the caller is told is why it is not. */
    private static void removeQuietly(Path work) {
        try {
            if (Files.exists(work)) {
                visitAsOwner(work, Files::delete);
            }
        } catch (IOException e) {
            LOG.warn("{} could not be removed, and holds what was to be returned in the clear", work, e);
        }
    }

    private Result write(ReturnRequest request, TenantReader tenant, Path work)
            throws IOException, WrongKeyException, OrderRefusedException {
        Path evidence = Files.createDirectory(work.resolve(ReturnManifest.EVIDENCE));
        List<@Nullable Long> bounds = bounds(tenant);
        int parts = bounds.size() - 1;
        long records = 0;
        long notYetAnchored = 0;
        EvidenceExport export = new EvidenceExport(vault, clock, options);
        for (int part = 1; part <= parts; part++) {
            EvidenceExport.Result made = export.export(
                    request.order(part, parts, bounds.get(part - 1), bounds.get(part)),
                    evidence.resolve("evidence-%04d.zip".formatted(part)));
            records += made.records();
            notYetAnchored = made.notYetAnchored();
        }
        List<Item> items = restore(tenant.backups(), work);
        for (String readme : READMES) {
            copy(readme, work);
        }
        visitAsOwner(work, file -> {});
        byte[] links = ReturnManifest.links(work);
        if (links.length > 0) {
            Files.write(work.resolve(ReturnManifest.LINKS), links);
        }
        byte[] manifest = ReturnManifest.of(work).format();
        Files.write(work.resolve(ReturnManifest.FILE), manifest);
        String text = ReturnManifest.signedText(
                vault.unlocked().settings().vaultId(), tenant.logId(), Timestamps.nanos(clock.instant()), manifest);
        Files.write(
                work.resolve(ReturnManifest.SIGNATURE),
                vault.unlocked().signer().sign(text).format());
        return new Result(
                records,
                notYetAnchored,
                parts,
                items.size(),
                items.stream().mapToLong(Item::bytes).sum());
    }

    /** The times between which each bundle has its records, by recording: from nothing, up to nothing. */
    private List<@Nullable Long> bounds(TenantReader tenant) throws IOException {
        List<@Nullable Long> bounds = new ArrayList<>();
        bounds.add(null);
        long[] bytesAndTime = {0, Long.MIN_VALUE};
        tenant.events(record -> {
            if (bytesAndTime[0] >= plainBytes && record.recordedAt() > bytesAndTime[1]) {
                bounds.add(record.recordedAt());
                bytesAndTime[0] = 0;
            }
            bytesAndTime[0] += record.line().length;
            bytesAndTime[1] = record.recordedAt();
            return true;
        });
        bounds.add(null);
        return bounds;
    }

    private List<Item> restore(TenantBackups backups, Path work) throws IOException {
        Catalogue catalogue = backups.catalogue();
        if (!catalogue.broken().isEmpty()) {
            throw catalogue.broken().get(0);
        }
        Path directory = Files.createDirectory(work.resolve("backups"));
        ByteArrayOutputStream list = new ByteArrayOutputStream();
        for (Item item : catalogue.items()) {
            backups.restore(item, directory.resolve("%08d".formatted(item.number())), progress);
            list.writeBytes(Json.bytes(item.toJson()));
            list.write('\n');
        }
        Files.write(work.resolve("backups.jsonl"), list.toByteArray());
        return catalogue.items();
    }

    private static void copy(String name, Path work) throws IOException {
        try (InputStream in = TenantReturn.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " of returns is missing from this program");
            }
            Files.writeString(work.resolve(name), new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private static void createPrivate(Path directory) throws IOException {
        try {
            if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.createDirectory(
                        directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            } else {
                Files.createDirectory(directory);
            }
        } catch (FileAlreadyExistsException e) {
            throw new FileAlreadyExistsException(
                    directory.toString(), null, "a return to this directory is running, or was killed: then remove it");
        }
    }

    /** Does something with a file or directory. */
    @FunctionalInterface
    private interface Action {
        void on(Path file) throws IOException;
    }

    /** Visits all that is in a directory and then that, with what the owner needs to read and to remove it. */
    private static void visitAsOwner(Path directory, Action action) throws IOException {
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path each, BasicFileAttributes attributes) throws IOException {
                permit(each, OWNER_OF_DIRECTORY);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                permit(file, OWNER_OF_FILE);
                action.on(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path each, @Nullable IOException e) throws IOException {
                action.on(each);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static void permit(Path file, Set<PosixFilePermission> needed) throws IOException {
        PosixFileAttributeView view =
                Files.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (view == null || Files.isSymbolicLink(file)) {
            return;
        }
        Set<PosixFilePermission> permissions = EnumSet.copyOf(needed);
        permissions.addAll(view.readAttributes().permissions());
        if (!permissions.equals(view.readAttributes().permissions())) {
            view.setPermissions(permissions);
        }
    }
}
