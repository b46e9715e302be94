package dev.evidencevault.crypto.keys;

import java.util.List;

/**
 * Which sources keep the keys of tenants that bring their own. Safe for use by several threads, and asked for a tenant only
 * when its keys are made, rotated or opened, so that one that cannot be reached concerns nobody else.
 */
@FunctionalInterface
public interface TenantKeySources {
    /**
     * Returns the sources of a tenant: under the first, new keys are wrapped; all of them open keys that were wrapped under the
     * key of their name. None if the tenant's keys are wrapped by the vault's.
     *
     * @throws KeySourceException if a source cannot be opened
     * @throws WrongKeyException if a source refuses its PIN
     */
    List<KeySource> of(String tenant) throws KeySourceException, WrongKeyException;
}
