package dev.evidencevault.deposit;

import dev.evidencevault.format.CorruptFileException;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The items of a set. Immutable.
 *
 * @param items those that can be read, by number
 * @param broken what is wrong with the others
 */
public record Catalogue(List<Item> items, List<CorruptFileException> broken) {
    /** Copies the lists. */
    public Catalogue {
        items = List.copyOf(items);
        broken = List.copyOf(broken);
    }

    /** Returns the item with a number; empty if it is not there or cannot be read. */
    public Optional<Item> item(long number) {
        return items.stream().filter(item -> item.number() == number).findFirst();
    }

    /** Returns the items that are looked for. */
    public List<Item> search(ItemQuery query) {
        return items.stream().filter(query::fits).toList();
    }

    /** Returns of the items that are looked for the latest of each service and name: the state at the query's end. */
    public Collection<Item> latest(ItemQuery query) {
        SortedMap<String, Item> latest = new TreeMap<>();
        search(query).stream()
                .sorted(Comparator.comparingLong(Item::takenAt).thenComparingLong(Item::number))
                .forEach(item -> latest.put(item.service() + '\0' + item.name(), item));
        return List.copyOf(latest.values());
    }
}
