package dev.evidencevault.verify;

import dev.evidencevault.bundle.Completeness;
import dev.evidencevault.bundle.ProvenTag;
import dev.evidencevault.bundle.Scope;
import dev.evidencevault.crypto.keys.Pseudonym;
import dev.evidencevault.crypto.vrf.VrfPublicKey;
import dev.evidencevault.format.LeafHeader;
import dev.evidencevault.format.LeafHeader.ActorCount;
import dev.evidencevault.format.LeafHeader.Tag;
import dev.evidencevault.format.LogRecord;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks that pseudonyms mean one thing throughout a bundle: an actor has one, and it stands for no other; its records
 * are counted without a gap. For one thread.
 */
final class PseudonymCheck {
    /** How many pseudonyms, and how many names, are remembered: some hundred bytes each. */
    static final int NAMES_MAX = 1_000_000;

    /** How many UTF-16 code units the names have that are remembered. */
    static final long NAME_UNITS_MAX = 64L << 20;

    private static final List<String> ACTOR_ID = List.of("actor", "id");
    private static final List<String> ON_BEHALF_OF = List.of("actor", "onBehalfOf");
    private static final List<String> SERVICE = List.of("service");

    private final Scope scope;
    private final Set<Tag> actorsAsked;
    private final Map<String, Tag> actorTags = new HashMap<>();
    private final Map<Tag, String> actorIds = new HashMap<>();
    private final Map<String, Tag> serviceTags = new HashMap<>();
    private final Map<Tag, String> serviceNames = new HashMap<>();
    private final Map<Tag, Long> counts = new HashMap<>();
    private final Set<Tag> sinceSkip = new HashSet<>();
    private boolean fromFirst = true;
    private long nameUnits;

    PseudonymCheck(Scope scope) {
        this.scope = scope;
        this.actorsAsked = scope.actorTags();
        scope.actors().forEach((id, proven) -> learn(actorTags, actorIds, id, proven.tag()));
        scope.services().forEach((name, proven) -> learn(serviceTags, serviceNames, name, proven.tag()));
    }

    /** Says whether this remembers as much as it may. */
    boolean isFull() {
        return counts.size() > NAMES_MAX
                || actorTags.size() > NAMES_MAX
                || serviceTags.size() > NAMES_MAX
                || nameUnits > NAME_UNITS_MAX;
    }

    /** Notes that leaves follow which are not shown: counts may be further on after them. */
    void skip() {
        sinceSkip.clear();
        fromFirst = false;
    }

    /**
     * Checks that the order's actors and services have the pseudonyms that the scope says, under the key that the log's
     * seals name.
     *
     * @throws IllegalArgumentException if one is not proven
     */
    void requireProven(VrfPublicKey key) {
        scope.actors().forEach((id, proven) -> requireProven(key, Pseudonym.ACTOR, id, proven));
        scope.services().forEach((name, proven) -> requireProven(key, Pseudonym.SERVICE, name, proven));
    }

    private static void requireProven(VrfPublicKey key, Pseudonym kind, String name, ProvenTag proven) {
        if (kind.proven(key, name, proven.proof())
                .map(Tag::of)
                .filter(proven.tag()::equals)
                .isEmpty()) {
            throw new IllegalArgumentException("it is not proven that " + name + " has the pseudonym " + proven.tag());
        }
    }

    /** Takes the counts of the next leaf: those of all actors, or of those whose every record is shown. */
    void count(LeafHeader header) {
        for (ActorCount actor : header.actors()) {
            if (scope.completeness() == Completeness.INDEX && !actorsAsked.contains(actor.tag())) {
                continue;
            }
            long known = counts.getOrDefault(actor.tag(), 0L);
            boolean exact = fromFirst || sinceSkip.contains(actor.tag());
            if (exact ? actor.seq() != known : actor.seq() < known) {
                throw new IllegalArgumentException("expected record " + known + " of the actor with pseudonym "
                        + actor.tag() + ", found its record " + actor.seq());
            }
            counts.put(actor.tag(), actor.seq() + 1);
            sinceSkip.add(actor.tag());
        }
    }

    /**
     * Compares the names in a record with the pseudonyms in its leaf.
     *
     * @param withheld the paths of values that are withheld: nothing is known of a name there but its pseudonym
     */
    void compare(LogRecord record, LeafHeader header, Set<List<String>> withheld) {
        List<String> names = record.actorNames();
        List<ActorCount> actors = header.actors();
        boolean idShown = !names.isEmpty() && !withheld.contains(ACTOR_ID);
        boolean otherShown = names.size() > 1 && !withheld.contains(ON_BEHALF_OF);
        boolean maybeSame =
                names.size() > 1 && !(idShown && otherShown && !names.get(0).equals(names.get(1)));
        boolean maybeOther =
                names.size() < 2 || !(idShown && otherShown && names.get(0).equals(names.get(1)));
        if (!(actors.size() == names.size() && maybeOther || maybeSame && actors.size() == 1)) {
            throw new IllegalArgumentException(
                    "the record has " + record.actorIds().size() + " actors, its leaf has " + actors.size());
        }
        if (idShown) {
            learn(actorTags, actorIds, names.get(0), actors.get(0).tag());
        }
        if (otherShown) {
            learn(
                    actorTags,
                    actorIds,
                    names.get(1),
                    actors.get(actors.size() - 1).tag());
        }
        @Nullable String service = record.service();
        if ((service == null) != header.serviceTag().equals(Tag.NONE)) {
            throw new IllegalArgumentException(
                    service == null
                            ? "the record has no service, its leaf has one"
                            : "the record has a service, its leaf has none");
        }
        if (service != null && !withheld.contains(SERVICE)) {
            learn(serviceTags, serviceNames, service, header.serviceTag());
        }
    }

    private void learn(Map<String, Tag> tags, Map<Tag, String> names, String name, Tag tag) {
        Tag knownTag = tags.putIfAbsent(name, tag);
        nameUnits += knownTag == null ? name.length() : 0;
        String knownName = names.putIfAbsent(tag, name);
        if (knownTag != null && !knownTag.equals(tag) || knownName != null && !knownName.equals(name)) {
            throw new IllegalArgumentException(
                    "the pseudonym " + tag + " of " + name + " is not the one it has elsewhere, or is another's");
        }
    }
}
