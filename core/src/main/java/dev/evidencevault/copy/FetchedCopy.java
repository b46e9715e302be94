package dev.evidencevault.copy;

import dev.evidencevault.crypto.keys.NodeKeys;
import dev.evidencevault.crypto.keys.VaultSecret;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.LogId;
import dev.evidencevault.place.ObjectKey;
import dev.evidencevault.place.ObjectStore;
import dev.evidencevault.place.StoredObject;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.LogKeys;
import dev.evidencevault.storage.Settings;
import dev.evidencevault.storage.Storage;
import dev.evidencevault.storage.Tombstone;
import dev.evidencevault.storage.UnlockedVault;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What was fetched of a copy that lies elsewhere, in a directory of this machine that only its owner reads and that is
 * removed when this is closed. It is a copy itself, and is read as one. For one thread.
 */
public final class FetchedCopy implements Closeable {
    private static final int SMALL_BYTES_MAX = 1 << 20;
    private static final int KEY_FILE_BYTES_MAX = 64 << 10;
    private static final int NAME_BYTES_MAX = 33;
    private static final int READ_ATTEMPTS = 3;

    /** Which objects of a log are fetched. */
    private enum Extent {
        /** Its segments and indexes. */
        RECORDS,
        /** What says which deposits there are. */
        ITEMS,
        /** All of it. */
        ALL
    }

    private final ObjectStore from;
    private final Path directory;

    private FetchedCopy(ObjectStore from) throws IOException {
        this.from = from;
        this.directory = Files.createTempDirectory("evault-copy-");
    }

    /** Returns the key of the object that says which log is a tenant's, to whoever holds the vault's keys. */
    static String nameKey(NodeKeys keys, String tenant) {
        return "names/" + HexFormat.of().formatHex(keys.copyName(tenant));
    }

    /** What a fetch does. */
    private interface Fetch {
        void run(FetchedCopy copy) throws IOException, WrongKeyException;
    }

    private static FetchedCopy fetched(ObjectStore from, Fetch fetch) throws IOException, WrongKeyException {
        FetchedCopy copy = new FetchedCopy(from);
        boolean whole = false;
        try {
            copy.settings();
            fetch.run(copy);
            whole = true;
            return copy;
        } finally {
            if (!whole) {
                copy.close();
            }
        }
    }

    /**
     * Fetches the log of one tenant, its keys, and the anchors from the one on that it was copied up to. No object of another
     * log is asked for, nor listed, and nothing that was deposited.
     *
     * @throws CopyRefusedException if the copy has no such tenant, or its keys were destroyed
     * @throws CorruptFileException if an object is not the one that was copied
     */
    public static FetchedCopy tenant(ObjectStore from, VaultSecret secret, String tenant)
            throws IOException, WrongKeyException {
        return fetched(from, copy -> {
            CopyManifest last = copy.log(UnlockedVault.unlock(copy.directory, secret), tenant, Extent.RECORDS)
                    .last();
            if (last != null) {
                copy.anchors(last.anchor());
            }
        });
    }

    /**
     * Fetches the log of one tenant, or the service's own, with everything that was deposited: to verify that.
     *
     * @param tenant null for the service's own
     * @throws CopyRefusedException if the copy has no such log, or its keys were destroyed
     * @throws CorruptFileException if an object is not the one that was copied
     */
    public static FetchedCopy deposits(ObjectStore from, VaultSecret secret, @Nullable String tenant)
            throws IOException, WrongKeyException {
        return fetched(from, copy -> copy.log(UnlockedVault.unlock(copy.directory, secret), tenant, Extent.ALL));
    }

    /** What is known of a log whose packs stay where they are. */
    record Items(FetchedCopy fetched, UnlockedVault vault, CopyChain chain) {}

    /** Fetches what says which deposits of a log there are, and no pack. */
    static Items items(ObjectStore from, VaultSecret secret, @Nullable String tenant)
            throws IOException, WrongKeyException {
        Items[] items = new Items[1];
        fetched(from, copy -> {
            UnlockedVault vault = UnlockedVault.unlock(copy.directory, secret);
            items[0] = new Items(copy, vault, copy.log(vault, tenant, Extent.ITEMS));
        });
        return items[0];
    }

    /** Fetches all of a copy, to verify it. */
    public static FetchedCopy whole(ObjectStore from) throws IOException, WrongKeyException {
        return fetched(from, copy -> {
            for (StoredObject object : from.list("")) {
                copy.fetch(object.key(), null);
            }
        });
    }

    /** Fetches what tells which logs there are: settings, keys, and the latest checkpoint. No record comes along. */
    static FetchedCopy heads(ObjectStore from) throws IOException, WrongKeyException {
        return fetched(from, copy -> {
            for (StoredObject keys : from.list(CopyPart.KEYS)) {
                copy.small(keys.key(), KEY_FILE_BYTES_MAX);
            }
            for (StoredObject tombstone : from.list("tombstones/")) {
                copy.small(tombstone.key(), Tombstone.BYTES_MAX);
            }
            copy.small("anchors/checkpoint", SMALL_BYTES_MAX);
        });
    }

    private void settings() throws IOException {
        try {
            small(CopyMarker.KEY, CopyMarker.BYTES_MAX);
        } catch (NoSuchFileException e) {
            throw new NoSuchFileException(
                    from.name(), null, "there is no copy here: " + CopyMarker.KEY + " is missing");
        }
        for (StoredObject succession : from.list("successions/")) {
            small(succession.key(), SMALL_BYTES_MAX);
        }
        signed();
        optional("places");
    }

    /** Fetches the settings and the signature over them, which a run may be replacing now. */
    private void signed() throws IOException {
        for (int attempt = 1; attempt <= READ_ATTEMPTS; attempt++) {
            small("vault.json", SMALL_BYTES_MAX);
            small("vault.sig", SMALL_BYTES_MAX);
            try {
                Settings.readSigned(new Layout(directory));
                return;
            } catch (CorruptFileException e) {
                // If it stays so, whoever reads the files says it.
                optional("vault.next.json");
            }
        }
    }

    private void optional(String key) throws IOException {
        try {
            small(key, SMALL_BYTES_MAX);
        } catch (NoSuchFileException e) {
            // It need not be there.
            return;
        }
    }

    /** Fetches of a log what is wanted, and its keys; null stands for the service's own. Returns its manifests, of which there are some. */
    private CopyChain log(UnlockedVault vault, @Nullable String tenant, Extent extent)
            throws IOException, WrongKeyException {
        CopyPart part = tenant == null ? new CopyPart(null, true) : CopyPart.of(logId(vault.nodeKeys(), tenant));
        requireHolds(part);
        if (!part.service()) {
            requireNoTombstone(vault, part);
        }
        try {
            small(part.keys(), KEY_FILE_BYTES_MAX);
        } catch (NoSuchFileException e) {
            throw new CopyRefusedException(from.name() + " has no keys of log " + part.name()
                    + ": they were destroyed; what is left verifies, and nobody reads it");
        }
        CopyChain chain = CopyChain.read(from, part, vault.settings());
        if (chain.last() == null) {
            throw new CopyRefusedException(from.name() + " has nothing of log " + part.name() + " yet");
        }
        for (CopyManifest.Entry file : chain.files()) {
            fetch(file.key(), file);
        }
        for (CopyManifest.Entry object : chain.objects()) {
            if (!object.key().startsWith(part.prefix())) {
                throw new CorruptFileException(
                        Path.of(object.key()),
                        0,
                        "a manifest of log " + part.name() + " names it, and it is not of that log");
            }
            boolean deposited = object.key().startsWith(part.backups());
            boolean pack = deposited && object.key().endsWith(Layout.PACK_SUFFIX);
            if (extent == Extent.ALL || (extent == Extent.RECORDS ? !deposited : deposited && !pack)) {
                fetch(object.key(), object);
            }
        }
        String name = LogKeys.read(part.in(vault.layout())).name(vault.nodeKeys());
        if (tenant != null && !name.equals(tenant)) {
            throw new CorruptFileException(Path.of(part.keys()), 0, "the keys are those of another tenant");
        }
        return chain;
    }

    private void requireHolds(CopyPart part) throws IOException {
        CopyMarker marker;
        try {
            marker = CopyMarker.parse(Files.readAllBytes(file(CopyMarker.KEY)));
        } catch (IllegalArgumentException e) {
            throw new CorruptFileException(Path.of(CopyMarker.KEY), 0, Json.firstLine(e));
        }
        if (part.service() != (marker.holds() == CopyMarker.Holds.CONFIGURATION)) {
            throw new CopyRefusedException(
                    from.name() + " is a copy of the " + marker.holds().label()
                            + (part.service() ? ", not of the service's configuration" : ", not of tenants' logs"));
        }
    }

    private void requireNoTombstone(UnlockedVault vault, CopyPart part) throws IOException {
        try {
            small(part.tombstone(), Tombstone.BYTES_MAX);
        } catch (NoSuchFileException e) {
            return;
        }
        LogId logId = LogId.parse(part.name());
        if (Tombstone.read(vault.layout().tenant(logId), logId, vault.settings())
                .isPresent()) {
            throw new CopyRefusedException("the keys of log " + part.name() + " were destroyed; what " + from.name()
                    + " still has of it verifies, and nobody reads it");
        }
    }

    private LogId logId(NodeKeys keys, String tenant) throws IOException {
        String key = nameKey(keys, tenant);
        try {
            String text = new String(from.read(key, NAME_BYTES_MAX), StandardCharsets.US_ASCII);
            return LogId.parse(text.strip());
        } catch (NoSuchFileException e) {
            throw new CopyRefusedException(from.name() + " has no tenant \"" + tenant + "\"");
        } catch (IllegalArgumentException e) {
            throw new CorruptFileException(Path.of(key), 0, "expected the id of a log");
        }
    }

    private void anchors(long first) throws IOException {
        for (String prefix : List.of("anchors/", "attestations/")) {
            for (StoredObject object : from.list(prefix)) {
                String number = object.key().substring(prefix.length()).replaceFirst("[.].*", "");
                if (!number.matches("[0-9]{8}") || Long.parseLong(number) >= first) {
                    fetch(object.key(), null);
                }
            }
        }
    }

    private void small(String key, int bytesMax) throws IOException {
        Files.write(file(key), from.read(key, bytesMax));
    }

    private void fetch(String key, CopyManifest.@Nullable Entry expected) throws IOException {
        Path file = file(key);
        Digest found;
        try (DigestInputStream in = new DigestInputStream(from.get(key, 0, Long.MAX_VALUE), Digest.computation())) {
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
            found = Digest.of(in.getMessageDigest().digest());
        } catch (NoSuchFileException e) {
            throw new CorruptFileException(Path.of(key), 0, "the object is missing, and a manifest names it");
        }
        if (expected != null && !expected.digest().equals(found)) {
            throw new CorruptFileException(
                    Path.of(key), 0, "expected SHA-256 " + expected.digest() + " as its manifest says, found " + found);
        }
    }

    /** The file of an object, whose key comes from elsewhere and must not lead out of the directory. */
    private Path file(String key) throws IOException {
        Path file;
        try {
            file = directory.resolve(ObjectKey.require(key));
        } catch (IllegalArgumentException e) {
            throw new CorruptFileException(Path.of(from.name()), 0, "the copy has " + Json.firstLine(e));
        }
        Files.createDirectories(Storage.directoryOf(file));
        return file;
    }

    /** Returns where it lies for now. */
    public Path directory() {
        return directory;
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
