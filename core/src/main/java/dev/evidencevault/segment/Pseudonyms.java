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
        if (actors.size() > REMEMBERED_MAX) {
            actors.clear();
        }
        return actors.computeIfAbsent(id, key -> Tag.of(keys.actorTag(key)));
    }

    /** Returns a service's pseudonym, or that of nobody for null. */
    public Tag service(@Nullable String name) {
        if (name == null) {
            return Tag.NONE;
        }
        if (services.size() > REMEMBERED_MAX) {
            services.clear();
        }
        return services.computeIfAbsent(name, key -> Tag.of(keys.serviceTag(key)));
    }
}
