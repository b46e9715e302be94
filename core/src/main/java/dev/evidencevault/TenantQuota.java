package dev.evidencevault;

/**
 * How much one tenant may append, so that it cannot starve the others (ISO/IEC 27002:2013, 12.1.3). What goes beyond is
 * refused with {@link AppendRefusedException}, and a record in the tenant's log tells how much that was. Unused allowance
 * adds up for a second.
 *
 * @param eventsPerSecond how many events a second; 1 or more
 * @param bytesPerSecond how many bytes of records a second; 1 KiB or more
 */
public record TenantQuota(long eventsPerSecond, long bytesPerSecond) {
    /** No bound. */
    public static final TenantQuota UNLIMITED = new TenantQuota(Long.MAX_VALUE, Long.MAX_VALUE);

    /** Checks the bounds. */
    public TenantQuota {
        if (eventsPerSecond < 1 || bytesPerSecond < 1024) {
            throw new IllegalArgumentException("expected at least 1 event and 1,024 bytes a second, found "
                    + eventsPerSecond + " and " + bytesPerSecond);
        }
    }

    /** Says how much a tenant may append. Implementations are safe for use by several threads and fast. */
    @FunctionalInterface
    public interface Source {
        /** Returns the quota of a tenant; asked when its log is first used and after it has rested. */
        TenantQuota of(String tenant);
    }
}
