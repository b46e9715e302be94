package dev.evidencevault.segment;

import dev.evidencevault.crypto.keys.TenantKeys;
import dev.evidencevault.format.LeafHeader.Tag;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The pseudonyms of one tenant's actors and services, remembered up to a bound. Safe for use by several threads. */
public final class Pseudonyms {
    private static final int REMEMBERED_MAX = 10_000;

    private final TenantKeys keys;
    private final Map<String, Tag> actors = new ConcurrentHashMap<>();
    private final Map<String, Tag> services = new ConcurrentHashMap<>();

    /** Creates the pseudonyms under a tenant's keys. */
    public Pseudonyms(TenantKeys keys) {
        this.keys = keys;
    }

    /** Returns an actor's pseudonym. */
    public Tag actor(String id) {
        Tag known = actors.get(id);
        return known != null ? known : remember(actors, id, Tag.of(keys.actorTag(id)));
    }

    /** Returns a service's pseudonym, or that of nobody for null. */
    public Tag service(@Nullable String name) {
        if (name == null) {
            return Tag.NONE;
        }
        Tag known = services.get(name);
        return known != null ? known : remember(services, name, Tag.of(keys.serviceTag(name)));
    }

    private static Tag remember(Map<String, Tag> known, String text, Tag tag) {
        if (known.size() > REMEMBERED_MAX) {
            known.clear();
        }
        known.put(text, tag);
        return tag;
    }
}
