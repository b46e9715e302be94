package dev.evidencevault.deposit;

import dev.evidencevault.format.CorruptFileException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Several items, restored into a directory: {@code SERVICE/NAME}, where other bytes than letters, digits, {@code -}, {@code _}
 * and {@code .} are written as {@code %XX}. Immutable.
 *
 * @param restored the items that are there
 * @param broken what is wrong with the others, which are not there
 */
public record RestoredSet(List<Item> restored, List<CorruptFileException> broken) {
    private static final int NAME_BYTES_MAX = 255;

    /** Copies the lists. */
    public RestoredSet {
        restored = List.copyOf(restored);
        broken = List.copyOf(broken);
    }

    /**
     * Restores items. An item that is damaged keeps no other from being restored.
     *
     * @param items no two of one service and name
     * @param target a path where nothing is yet; appears when all that can be restored is there
     * @throws java.nio.file.FileAlreadyExistsException if something is there
     */
    public static RestoredSet restore(
            TenantBackups backups, Collection<Item> items, Path target, DepositProgress progress) throws IOException {
        List<Item> restored = new ArrayList<>();
        List<CorruptFileException> broken = new ArrayList<>();
        long total = items.stream().mapToLong(Item::bytes).sum();
        long[] before = new long[1];
        try (UnfinishedTarget unfinished = new UnfinishedTarget(target)) {
            Files.createDirectory(unfinished.path());
            for (Item item : items) {
                Path service = unfinished.path().resolve(fileName(item.service()));
                Files.createDirectories(service);
                try {
                    backups.restore(
                            item,
                            service.resolve(fileName(item.name())),
                            (done, unused) -> progress.at(before[0] + done, total));
                    restored.add(item);
                } catch (CorruptFileException e) {
                    broken.add(e);
                }
                before[0] += item.bytes();
            }
            unfinished.finish();
        }
        return new RestoredSet(restored, broken);
    }

    /** Returns the name of a file for a text: never one that leads elsewhere, and another for another text. */
    static String fileName(String text) {
        StringBuilder name = new StringBuilder();
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (each & 0xFF);
            boolean plain =
                    c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_';
            if (plain || c == '.' && name.length() > 0) {
                name.append(c);
            } else {
                name.append(String.format("%%%02X", (int) c));
            }
        }
        if (name.length() > NAME_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "the name is too long for a file: restore the item alone, by its number: " + text);
        }
        return name.toString();
    }
}
