package dev.evidencevault.place;

import dev.evidencevault.crypto.note.NoteSigner;
import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.LogId;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Settings;
import dev.evidencevault.storage.SignedFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The places of a vault's records, and which jurisdictions a tenant's log is bound to: the file {@code places}, signed by the
 * vault. Format: {@code docs/formats/places.md}. Immutable.
 *
 * @param vaultId the vault
 * @param number counts the changes, from 1; 0 if there is no register
 * @param places the places, by their names
 * @param bindings for each log that is bound, the jurisdictions in which it may lie, at least one
 */
public record PlaceRegister(
        LogId vaultId, long number, SortedMap<String, Place> places, SortedMap<String, SortedSet<String>> bindings) {
    /** The most places. */
    public static final int PLACES_MAX = 256;

    private static final String LABEL = "evidence-vault/places/v1";

    /** Copies the maps. */
    public PlaceRegister {
        places = Collections.unmodifiableSortedMap(new TreeMap<>(places));
        SortedMap<String, SortedSet<String>> copy = new TreeMap<>();
        bindings.forEach((log, allowed) -> {
            allowed.forEach(Place::requireJurisdiction);
            if (allowed.isEmpty()) {
                throw new IllegalArgumentException("a log is bound to one jurisdiction at least");
            }
            copy.put(LogId.parse(log).toString(), Collections.unmodifiableSortedSet(new TreeSet<>(allowed)));
        });
        bindings = Collections.unmodifiableSortedMap(copy);
        if (places.size() > PLACES_MAX) {
            throw new IllegalArgumentException("expected at most " + PLACES_MAX + " places, found " + places.size());
        }
        if (places.values().stream()
                        .filter(place -> place.kind() == Place.Kind.VAULT)
                        .count()
                > 1) {
            throw new IllegalArgumentException("a vault lies in one place");
        }
    }

    /** Returns the register of a vault that has none. */
    public static PlaceRegister none(LogId vaultId) {
        return new PlaceRegister(vaultId, 0, new TreeMap<>(), new TreeMap<>());
    }

    /**
     * Reads the register of a vault or of a copy.
     *
     * @throws CorruptFileException if it is damaged, or the vault did not sign it
     */
    public static PlaceRegister read(Layout layout, Settings settings) throws IOException {
        Path file = layout.places();
        try {
            String text = SignedFile.read(file, settings, "places").orElse(null);
            if (text == null) {
                return none(settings.vaultId());
            }
            PlaceRegister register = parse(text);
            if (!register.vaultId.equals(settings.vaultId()) || !register.text().equals(text)) {
                throw new IllegalArgumentException(
                        "the register is of another vault, or not spelled as it was written");
            }
            return register;
        } catch (IllegalArgumentException e) {
            throw new CorruptFileException(file, 0, Json.firstLine(e));
        }
    }

    private static PlaceRegister parse(String text) {
        List<String> lines = new ArrayList<>(List.of(text.split("\n", -1)));
        if (lines.size() < 4 || !lines.get(0).equals(LABEL)) {
            throw new IllegalArgumentException("expected a register of places, version 1");
        }
        SortedMap<String, Place> places = new TreeMap<>();
        SortedMap<String, SortedSet<String>> bindings = new TreeMap<>();
        for (String line : lines.subList(3, lines.size() - 1)) {
            String[] words = line.split(" ", 5);
            if (words.length == 5 && words[0].equals("place")) {
                places.put(words[1], new Place(words[1], words[2], Place.Kind.ofLabel(words[3]), words[4]));
            } else if (words.length == 3 && words[0].equals("bound")) {
                bindings.put(words[1], new TreeSet<>(List.of(words[2].split(",", -1))));
            } else {
                throw new IllegalArgumentException("expected a place or a bound log, found " + line);
            }
        }
        String number = lines.get(2);
        if (!number.matches("number [1-9][0-9]{0,17}")) {
            throw new IllegalArgumentException("expected a number, found " + number);
        }
        return new PlaceRegister(
                LogId.parse(lines.get(1).replaceFirst("^vault ", "")),
                Long.parseLong(number.substring("number ".length())),
                places,
                bindings);
    }

    private String text() {
        StringBuilder text = new StringBuilder(LABEL)
                .append("\nvault ")
                .append(vaultId)
                .append("\nnumber ")
                .append(number)
                .append('\n');
        places.values()
                .forEach(place -> text.append("place ")
                        .append(place.name())
                        .append(' ')
                        .append(place.jurisdiction())
                        .append(' ')
                        .append(place.kind().label())
                        .append(' ')
                        .append(place.location())
                        .append('\n'));
        bindings.forEach((log, allowed) -> text.append("bound ")
                .append(log)
                .append(' ')
                .append(String.join(",", allowed))
                .append('\n'));
        return text.toString();
    }

    /** Returns the bytes of the file. */
    public byte[] sign(NoteSigner signer) {
        byte[] bytes = signer.sign(text()).format();
        if (bytes.length > SignedNote.BYTES_MAX) {
            throw new IllegalArgumentException(
                    "the register has more than " + SignedNote.BYTES_MAX + " bytes: too many logs are bound");
        }
        return bytes;
    }

    /**
     * Returns the register with a place more, or another one of that name.
     *
     * @throws PlaceRefusedException if the vault would lie where a log must not
     */
    public PlaceRegister with(Place place) throws PlaceRefusedException {
        SortedMap<String, Place> more = new TreeMap<>(places);
        if (place.kind() == Place.Kind.VAULT) {
            more.values().removeIf(each -> each.kind() == Place.Kind.VAULT);
        }
        more.put(place.name(), place);
        PlaceRegister next = new PlaceRegister(vaultId, number + 1, more, bindings);
        for (Map.Entry<String, SortedSet<String>> bound : bindings.entrySet()) {
            next.requireVaultIn(bound.getValue(), "log " + bound.getKey());
        }
        return next;
    }

    /**
     * Returns the register with a log bound to jurisdictions, whatever it was bound to before.
     *
     * @param whose what the message of a refusal calls the log
     * @throws PlaceRefusedException if the vault lies in none of them, or nobody said where it lies
     */
    public PlaceRegister bound(LogId log, SortedSet<String> allowed, String whose) throws PlaceRefusedException {
        SortedMap<String, SortedSet<String>> more = new TreeMap<>(bindings);
        more.put(log.toString(), allowed);
        PlaceRegister next = new PlaceRegister(vaultId, number + 1, places, more);
        next.requireVaultIn(allowed, whose);
        return next;
    }

    private void requireVaultIn(SortedSet<String> allowed, String whose) throws PlaceRefusedException {
        Place vault = vault().orElse(null);
        if (vault == null) {
            throw new PlaceRefusedException(whose + " is bound to " + String.join(", ", allowed)
                    + ", and nobody said where the vault lies: evault places add --kind vault");
        }
        if (!allowed.contains(vault.jurisdiction())) {
            throw new PlaceRefusedException(whose + " is bound to " + String.join(", ", allowed)
                    + "; the vault lies in " + vault.jurisdiction());
        }
    }

    /** Returns the place of the vault itself, if somebody said it. */
    public Optional<Place> vault() {
        return places.values().stream()
                .filter(place -> place.kind() == Place.Kind.VAULT)
                .findFirst();
    }

    /** Returns the place at a location, if it is registered. */
    public Optional<Place> at(String location) {
        return places.values().stream()
                .filter(place -> place.location().equals(location))
                .findFirst();
    }

    /** Says whether a log may lie at a place; null is one that is not registered. */
    public boolean allows(LogId log, @Nullable Place place) {
        SortedSet<String> allowed = bindings.get(log.toString());
        return allowed == null || place != null && allowed.contains(place.jurisdiction());
    }

    /** Returns where a log may lie, as far as it is registered: the vault's place, and those of copies of logs. */
    public List<Place> of(LogId log) {
        return places.values().stream()
                .filter(place -> place.kind() != Place.Kind.CONFIGURATION && allows(log, place))
                .toList();
    }
}
