package dev.evidencevault.copy;

import dev.evidencevault.anchor.Anchor;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.LogId;
import dev.evidencevault.place.DirectoryStore;
import dev.evidencevault.place.ObjectStore;
import dev.evidencevault.place.Place;
import dev.evidencevault.place.PlaceRefusedException;
import dev.evidencevault.place.PlaceRegister;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.LogKeys;
import dev.evidencevault.storage.UnlockedVault;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * One run of copying: adds to a copy what the vault has had anchored since the run before. Takes no lock of the vault and
 * works beside its writer, from another process too: what is anchored does not change any more. For one thread, once.
 *
 * <p>Order: the settings and the anchors, the objects of each log, then its manifest, then the manifest of what all logs share. A
 * run that ends early leaves a copy that is good up to the last manifest; the next run goes on from there. One run at a time
 * writes a place.
 */
public final class CopyRun {
    private final UnlockedVault vault;
    private final ObjectStore store;
    private final CopyOptions options;
    private final Clock clock;

    /**
     * What came of a run.
     *
     * @param anchor the number of the anchor that was copied up to
     * @param logs how many logs had something new
     * @param objects how many objects were added
     * @param bytes how many bytes they have
     * @param leftOut how many tenants were left out since they must not lie there
     */
    public record Result(long anchor, long logs, long objects, long bytes, long leftOut) {}

    /** Creates a run. */
    public CopyRun(UnlockedVault vault, ObjectStore store, CopyOptions options, Clock clock) {
        this.vault = vault;
        this.store = store;
        this.options = options;
        this.clock = clock;
    }

    /**
     * Copies.
     *
     * @throws CopyRefusedException if this vault, or this part of it, must not be copied there
     * @throws CorruptFileException if a log of the vault is damaged: no byte of what is damaged was copied
     * @throws IOException if the place is full or cannot be reached; what was copied before stays, and another run goes on
     */
    public Result run() throws IOException, WrongKeyException {
        Layout layout = vault.layout();
        if (layout.isCopy()) {
            throw new CopyRefusedException(layout.root() + " is a copy itself; copies are made from the vault");
        }
        requirePlace();
        List<Long> numbers = Layout.numbers(layout.anchors(), Layout.ANCHOR_SUFFIX);
        if (numbers.isEmpty()) {
            throw new CopyRefusedException("nothing of the vault is anchored yet; close the writer or wait");
        }
        Anchor anchor = Anchor.read(
                layout, numbers.get(numbers.size() - 1), vault.settings().keys());
        SortedMap<String, LogId> wanted = wanted();
        long leftOut = permit(wanted);
        mark();
        if (options.holds() == CopyMarker.Holds.LOGS) {
            // Before anything is added: keys that were destroyed are gone there too, whatever becomes of the rest of
            // the run.
            CopyTombstones.put(vault, store);
        }
        CopyWriter writer = new CopyWriter(vault, store, options, clock, anchor, wanted.size() + 1);
        writer.first();
        if (options.holds() == CopyMarker.Holds.CONFIGURATION) {
            LogId service = LogKeys.read(layout.service()).logId();
            writer.log(new CopyPart(service, true), layout.service(), null);
        }
        for (Map.Entry<String, LogId> log : wanted.entrySet()) {
            writer.log(CopyPart.of(log.getValue()), layout.tenant(log.getValue()), log.getKey());
        }
        writer.last();
        // Keys that were replaced or deleted are gone for good, also where a run was cut short in the middle of that.
        store.tidy(CopyPart.KEYS);
        return writer.result(leftOut);
    }

    private void requirePlace() throws IOException {
        if (store.retainsByItself()) {
            throw new CopyRefusedException(store.name()
                    + " retains every object by itself, also the tenants' wrapped keys, which could then not be destroyed:"
                    + " take the default retention off the bucket and give --retain-days");
        }
        if (options.retain().isPresent() && !store.canRetain()) {
            throw new CopyRefusedException(store.name() + " cannot retain objects; a bucket with Object Lock can");
        }
        if (store instanceof DirectoryStore directory
                && isInside(directory.root(), vault.layout().root())) {
            throw new CopyRefusedException("a copy lies outside of the vault");
        }
    }

    /** Takes those away that must not lie there, or refuses; returns how many. Nothing was written yet. */
    private long permit(Map<String, LogId> wanted) throws IOException {
        PlaceRegister register = PlaceRegister.read(vault.layout(), vault.settings());
        Place place = register.at(store.location()).orElse(null);
        Place.Kind kind = options.holds() == CopyMarker.Holds.LOGS ? Place.Kind.LOGS : Place.Kind.CONFIGURATION;
        if (place != null && place.kind() != kind) {
            throw new PlaceRefusedException(
                    "the place " + place.name() + " is for " + place.kind().label() + ", not for " + kind.label());
        }
        int all = wanted.size();
        List<String> forbidden = wanted.entrySet().stream()
                .filter(log -> !register.allows(log.getValue(), place))
                .map(Map.Entry::getKey)
                .toList();
        if (!forbidden.isEmpty() && !options.permittedOnly()) {
            String first = forbidden.get(0);
            SortedSet<String> allowed = register.bindings().get(String.valueOf(wanted.get(first)));
            throw new PlaceRefusedException("tenant \"" + first + "\" is bound to "
                    + String.join(", ", allowed == null ? List.of() : allowed) + "; "
                    + (place == null
                            ? store.name() + " is in no jurisdiction that is registered (evault places add)"
                            : "the place " + place.name() + " lies in " + place.jurisdiction())
                    + (forbidden.size() > 1 ? "; so it is with " + forbidden.size() + " tenants" : "")
                    + ": nothing was copied");
        }
        forbidden.forEach(wanted::remove);
        if (wanted.isEmpty() && all > 0) {
            throw new PlaceRefusedException("no tenant may lie at " + store.name() + ": nothing was copied");
        }
        return forbidden.size();
    }

    private static boolean isInside(Path inner, Path outer) {
        return inner.toAbsolutePath()
                .normalize()
                .startsWith(outer.toAbsolutePath().normalize());
    }

    private SortedMap<String, LogId> wanted() throws IOException, WrongKeyException {
        if (options.holds() == CopyMarker.Holds.CONFIGURATION) {
            return new TreeMap<>();
        }
        SortedMap<String, LogId> all = new TreeMap<>(vault.tenants());
        for (String tenant : options.tenants()) {
            if (!all.containsKey(tenant)) {
                throw new CopyRefusedException("the vault has no tenant \"" + tenant + "\"; see evault tenants");
            }
        }
        if (!options.tenants().isEmpty()) {
            all.keySet().retainAll(options.tenants());
        }
        return all;
    }

    /** Begins the copy, or requires that the one that is there is of this vault and kind. */
    private void mark() throws IOException {
        CopyMarker wanted = new CopyMarker(vault.settings().vaultId(), options.holds());
        CopyMarker found;
        try {
            found = CopyMarker.parse(store.read(CopyMarker.KEY, CopyMarker.BYTES_MAX));
        } catch (NoSuchFileException e) {
            if (!store.list("").isEmpty()) {
                throw new CopyRefusedException(store.name() + " holds other things; a copy begins in an empty place");
            }
            store.replace(CopyMarker.KEY, wanted.format());
            return;
        } catch (IllegalArgumentException e) {
            throw new CopyRefusedException(store.name() + ": " + CopyMarker.KEY + ": " + e.getMessage());
        }
        if (!found.equals(wanted)) {
            throw new CopyRefusedException(store.name() + " holds the "
                    + found.holds().label() + " of vault "
                    + found.vaultId() + "; expected the " + wanted.holds().label() + " of vault " + wanted.vaultId()
                    + ": a place is for one vault, and for tenants' logs or the service's configuration");
        }
    }
}
