package dev.evidencevault.index;

import dev.evidencevault.format.LogId;
import dev.evidencevault.reader.TenantReader;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What of the tenants' indexes is in memory, decrypted and verified: one for a process, with a bound on its bytes that holds
 * for all tenants together. What was used least lately goes first. Every entry belongs to one tenant and can be had only
 * with that tenant's handle. Safe for use by several threads.
 *
 * <p>Who needs an entry while nothing else can go waits until another query has done with its own; nobody waits who holds
 * one. An entry that is larger than the bound is taken in alone.
 */
public final class FragmentCache {
    private final long bytesMax;
    private final Map<EntryKey, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

    /** Of entries, of those that are being loaded, and of those taken out that somebody still uses. */
    private long bytes;

    private long highestBytes;

    /**
     * What an entry is of.
     *
     * @param log the tenant's log
     * @param file the file that it was read from
     * @param stamp what tells that file from another of the same name
     * @param part which part of it
     */
    record EntryKey(LogId log, Path file, long stamp, Part part) {}

    /** The parts of an index that are in memory one without the other. */
    enum Part {
        TERMS,
        WORDS,
        PLACES,
        TAIL
    }

    /** Reads an entry. */
    @FunctionalInterface
    interface Loader<T> {
        T load() throws IOException;
    }

    /** Uses an entry. */
    @FunctionalInterface
    interface Use<T, R> {
        R use(T value) throws IOException;
    }

    private static final class Entry {
        private long bytes;
        private int users;
        private @Nullable Object value;
        private @Nullable Exception failure;
        private boolean isOut;

        boolean isLoading() {
            return value == null && failure == null;
        }
    }

    /**
     * Creates an empty cache.
     *
     * @param bytesMax the most bytes that it holds, 1 or more
     */
    public FragmentCache(long bytesMax) {
        if (bytesMax < 1) {
            throw new IllegalArgumentException("a cache has room for 1 byte or more, found " + bytesMax);
        }
        this.bytesMax = bytesMax;
    }

    /** Creates a cache that may take a quarter of the heap. */
    public static FragmentCache ofQuarterOfHeap() {
        return new FragmentCache(Math.max(1, Runtime.getRuntime().maxMemory() / 4));
    }

    /** Returns how many bytes are held now. */
    public synchronized long bytes() {
        return bytes;
    }

    /** Returns the most bytes that were held at any time. */
    public synchronized long highestBytes() {
        return highestBytes;
    }

    /** Forgets all that belongs to a tenant. A query that is using some of it ends with it. */
    public synchronized void clear(TenantReader tenant) {
        clear(tenant.logId());
    }

    synchronized void clear(LogId log) {
        entries.entrySet().removeIf(each -> {
            if (each.getKey().log().equals(log)) {
                takeOut(each.getValue());
                return true;
            }
            return false;
        });
        notifyAll();
    }

    /** Says whether anything of a tenant is held. */
    synchronized boolean holdsAnyOf(LogId log) {
        return entries.keySet().stream().anyMatch(key -> key.log().equals(log));
    }

    /** Uses an entry, which is loaded first if it is not there; it stays at least as long as it is used. */
    <T, R> R use(EntryKey key, Class<T> type, long size, Loader<T> loader, Use<T, R> use) throws IOException {
        Entry entry = enter(key, size, loader);
        try {
            return use.use(type.cast(awaited(entry)));
        } finally {
            leave(entry);
        }
    }

    /** Returns an entry that is small enough to be kept for a moment when the cache has let it go. */
    <T> T get(EntryKey key, Class<T> type, long size, Loader<T> loader) throws IOException {
        return use(key, type, size, loader, value -> value);
    }

    /** Says how large an entry has become; what is too much then goes. */
    synchronized void resize(EntryKey key, long size) {
        Entry entry = entries.get(key);
        if (entry != null) {
            count(size - entry.bytes);
            entry.bytes = size;
            makeRoom(0);
            notifyAll();
        }
    }

    private <T> Entry enter(EntryKey key, long size, Loader<T> loader) throws IOException {
        Entry entry;
        synchronized (this) {
            Entry known = entries.get(key);
            while (known == null && !makeRoom(2 * size)) {
                pause();
                known = entries.get(key);
            }
            if (known != null) {
                known.users++;
                return known;
            }
            entry = new Entry();
            // While it is loaded, the ciphertext is there, too.
            entry.bytes = 2 * size;
            entry.users = 1;
            entries.put(key, entry);
            count(entry.bytes);
        }
        load(key, entry, size, loader);
        return entry;
    }

    private void load(EntryKey key, Entry entry, long size, Loader<?> loader) {
        Object value = null;
        Exception failure = null;
        try {
            value = loader.load();
        } catch (IOException | RuntimeException e) {
            failure = e;
        }
        synchronized (this) {
            entry.value = value;
            entry.failure = failure;
            count(size - entry.bytes);
            entry.bytes = size;
            if (failure != null && entries.remove(key, entry)) {
                takeOut(entry);
            }
            notifyAll();
        }
    }

    private Object awaited(Entry entry) throws IOException {
        synchronized (this) {
            while (entry.isLoading()) {
                pause();
            }
        }
        if (entry.failure instanceof IOException e) {
            throw e;
        }
        if (entry.failure instanceof RuntimeException e) {
            throw e;
        }
        Object value = entry.value;
        if (value == null) {
            throw new IllegalStateException("an entry was loaded that is nothing");
        }
        return value;
    }

    private synchronized void leave(Entry entry) {
        entry.users--;
        if (entry.isOut && entry.users == 0) {
            count(-entry.bytes);
        }
        notifyAll();
    }

    /** Lets go what was used least lately until there is room; says whether there is. */
    private boolean makeRoom(long size) {
        Iterator<Entry> eldest = entries.values().iterator();
        while (bytes + size > bytesMax && eldest.hasNext()) {
            Entry entry = eldest.next();
            if (entry.users == 0) {
                eldest.remove();
                takeOut(entry);
            }
        }
        return bytes + size <= bytesMax || bytes == 0;
    }

    private void takeOut(Entry entry) {
        entry.isOut = true;
        if (entry.users == 0) {
            count(-entry.bytes);
        }
    }

    private void count(long more) {
        bytes += more;
        highestBytes = Math.max(highestBytes, bytes);
    }

    @SuppressWarnings("WaitNotInLoop")
    private void pause() throws IOException {
        try {
            wait();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for room in the cache");
        }
    }
}
