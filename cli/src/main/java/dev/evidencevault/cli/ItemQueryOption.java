package dev.evidencevault.cli;

import dev.evidencevault.deposit.ItemQuery;
import dev.evidencevault.format.Timestamps;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which items of backups are looked for. All conditions have to hold. */
final class ItemQueryOption {
    @Option(names = "--name", paramLabel = "TEXT", description = "a part of the name, whatever the case")
    private @Nullable String name;

    @Option(names = "--service", paramLabel = "S", description = "of which service")
    private @Nullable String service;

    @Option(
            names = "--from",
            paramLabel = "T",
            description = "taken at or after: 2026-05-01T09:00:00+09:00, or a date (UTC)")
    private @Nullable String from;

    @Option(names = "--to", paramLabel = "T", description = "taken before")
    private @Nullable String to;

    @Option(names = "--label", paramLabel = "NAME=VALUE", description = "has this label (may be given several times)")
    private TreeMap<String, String> labels = new TreeMap<>();

    ItemQuery query() {
        return new ItemQuery(
                name,
                service,
                from == null ? Long.MIN_VALUE : Timestamps.parseLoosely(from),
                to == null ? Long.MAX_VALUE : Timestamps.parseLoosely(to),
                labels);
    }
}
