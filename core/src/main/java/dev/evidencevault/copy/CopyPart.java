package dev.evidencevault.copy;

import dev.evidencevault.format.LogId;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Layout.LogDirectory;
import org.jspecify.annotations.Nullable;

/**
 * A part of a copy, with manifests of its own: one log, or what all logs share.
 *
 * @param log the log; null for what they share
 * @param service whether it is the service's own log
 */
public record CopyPart(@Nullable LogId log, boolean service) {
    /** The prefix of the keys of all logs, under which nothing is retained. */
    static final String KEYS = "keys/";

    /** What all logs share: settings, anchors, and the manifests of the logs. */
    public static final CopyPart SHARED = new CopyPart(null, false);

    private static final String SHARED_NAME = "vault";
    private static final String SERVICE_NAME = "service";

    /** Returns the part of a tenant's log. */
    public static CopyPart of(LogId log) {
        return new CopyPart(log, false);
    }

    /** Returns its name in keys and manifests: a log's id, {@code service}, or {@code vault}. */
    public String name() {
        return service ? SERVICE_NAME : log == null ? SHARED_NAME : log.toString();
    }

    /** Returns the prefix of its manifests. */
    public String manifests() {
        return "manifests/" + name() + "/";
    }

    /** Returns the prefix of a log's objects; that of what is shared is empty. */
    public String prefix() {
        return service ? SERVICE_NAME + "/" : log == null ? "" : "tenants/" + log + "/";
    }

    /** Returns the prefix of what was deposited with a log. */
    public String backups() {
        return prefix() + "backups/";
    }

    /** Returns where a log lies below a directory that is a copy. */
    LogDirectory in(Layout layout) {
        return service ? layout.service() : layout.log(layout.tenants().resolve(name()));
    }

    /** Returns the key of what says that a log's keys were destroyed. */
    public String tombstone() {
        return "tombstones/" + name() + ".note";
    }

    /** Returns the key of a log's keys, which are apart from all else so that they can be destroyed. */
    public String keys() {
        return KEYS + name() + ".json";
    }
}
