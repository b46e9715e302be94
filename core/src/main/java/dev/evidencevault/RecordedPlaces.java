package dev.evidencevault;

import dev.evidencevault.format.Change;
import dev.evidencevault.format.LogId;
import dev.evidencevault.place.Place;
import dev.evidencevault.place.PlaceRegister;
import dev.evidencevault.storage.Storage;
import dev.evidencevault.storage.UnlockedVault;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Changes the register of places. The register is in place before the change of it is recorded: what is refused elsewhere is
 * refused from then on, and a kill between the two leaves out the record only. For one thread at a time.
 */
final class RecordedPlaces {
    private static final Set<String> COUNTRIES = Locale.getISOCountries(Locale.IsoCountryCode.PART1_ALPHA2);

    private final UnlockedVault vault;
    private final Storage storage;

    RecordedPlaces(UnlockedVault vault, Storage storage) {
        this.vault = vault;
        this.storage = storage;
    }

    PlaceRegister register() throws IOException {
        return PlaceRegister.read(vault.layout(), vault.settings());
    }

    private void replace(PlaceRegister register) throws IOException {
        storage.replace(vault.layout().places(), register.sign(vault.signer()));
    }

    /** Registers a place; returns the change. */
    Change add(Place place) throws IOException {
        requireCountry(place.jurisdiction());
        PlaceRegister known = register();
        Place before = known.places().get(place.name());
        replace(known.with(place));
        return new Change(Change.What.PLACE, before == null ? null : told(before), told(place), null);
    }

    private static String told(Place place) {
        return place.name() + ": " + place.kind().label() + " in " + place.jurisdiction() + ", " + place.location();
    }

    /** Binds a log; returns what it was bound to before, or null. */
    @Nullable
    String bind(LogId log, Set<String> jurisdictions, String whose) throws IOException {
        jurisdictions.forEach(RecordedPlaces::requireCountry);
        PlaceRegister known = register();
        SortedSet<String> before = known.bindings().get(log.toString());
        replace(known.bound(log, new TreeSet<>(jurisdictions), whose));
        return before == null ? null : String.join(",", before);
    }

    /** Records in the tenant's log and in the vault's own what a tenant is bound to. */
    void record(
            TenantLog log,
            TenantLog service,
            @Nullable String before,
            Set<String> jurisdictions,
            @Nullable String reason) {
        String after = String.join(",", new TreeSet<>(jurisdictions));
        log.appendChangeAndWait(new Change(Change.What.PLACE, before, after, reason));
        String whose = "log " + log.logId() + ": ";
        service.appendChangeAndWait(
                new Change(Change.What.PLACE, before == null ? null : whose + before, whose + after, reason));
    }

    private static void requireCountry(String jurisdiction) {
        if (!COUNTRIES.contains(jurisdiction)) {
            throw new IllegalArgumentException(
                    "a jurisdiction is a country's two capital letters (ISO 3166-1), found " + jurisdiction);
        }
    }
}
