package dev.evidencevault.deposit;

import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.storage.Layout;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which chunks are there already, and in which packs; about 110 bytes of memory for each. Not safe for use by several threads
 * at once.
 */
final class KnownChunks {
    /** Stands for the packs that are being written. */
    private static final long THIS_DEPOSIT = 0;

    private final Depositor depositor;
    private final Map<Digest, Long> packs = new HashMap<>();
    private final SortedSet<Long> reused = new TreeSet<>();
    private final List<CorruptFileException> passedOver = new ArrayList<>();

    KnownChunks(Depositor depositor) {
        this.depositor = depositor;
    }

    /** Reads the directories of all packs. One that cannot be read is passed over: what is in it is put again. */
    void load() throws IOException {
        for (long number : Layout.numbers(depositor.directory().backups(), Layout.PACK_SUFFIX)) {
            try (PackFile pack = new PackFile(depositor, number)) {
                pack.chunks().forEach(chunk -> packs.put(chunk.id(), number));
            } catch (CorruptFileException e) {
                passedOver.add(e);
            }
        }
    }

    /** Returns what was wrong with packs that were passed over. */
    List<CorruptFileException> passedOver() {
        return passedOver;
    }

    /** Takes up a chunk; says whether it is new. */
    boolean add(Digest id) {
        Long pack = packs.putIfAbsent(id, THIS_DEPOSIT);
        if (pack != null && pack != THIS_DEPOSIT) {
            reused.add(pack);
        }
        return pack == null;
    }

    /**
     * Returns the packs of earlier deposits that hold chunks of this one, with the digests that their files had when they were
     * written.
     *
     * @throws CorruptFileException if the digest of one is known from no item, and the pack is damaged
     */
    SortedMap<Long, Digest> reused() throws IOException {
        SortedMap<Long, Digest> digests = new TreeMap<>();
        SortedSet<Long> missing = new TreeSet<>(reused);
        List<Long> items = Layout.numbers(depositor.directory().backups(), Layout.ITEM_SUFFIX);
        for (int i = items.size() - 1; i >= 0 && !missing.isEmpty(); i--) {
            SortedMap<Long, Digest> named;
            try {
                named = ItemFile.read(depositor.directory(), depositor.kind(), depositor.logId(), items.get(i))
                        .packs();
            } catch (CorruptFileException e) {
                continue;
            }
            missing.removeIf(pack -> {
                Digest digest = named.get(pack);
                if (digest != null) {
                    digests.put(pack, digest);
                }
                return digest != null;
            });
        }
        for (long pack : missing) {
            digests.put(pack, digestOfUnnamed(pack));
        }
        return digests;
    }

    /** The digest of a pack that a deposit left which was cut short. No item vouches for it: all of it is read first. */
    private Digest digestOfUnnamed(long number) throws IOException {
        try (PackFile pack = new PackFile(depositor, number)) {
            for (PackFile.Chunk chunk : pack.chunks()) {
                pack.read(chunk);
            }
        }
        return Digest.sha256(depositor.directory().pack(number));
    }
}
