package dev.evidencevault.index.query;

import dev.evidencevault.index.query.EventQuery.And;
import dev.evidencevault.index.query.EventQuery.Not;
import dev.evidencevault.index.query.EventQuery.Or;
import java.util.List;
import java.util.stream.Collectors;

/** How large a query is: what it takes to keep it within its bounds, and to spell it. */
final class Size {
    private Size() {}

    private static List<EventQuery> parts(EventQuery query) {
        if (query instanceof And and) {
            return and.parts();
        }
        if (query instanceof Or or) {
            return or.parts();
        }
        return query instanceof Not not ? List.of(not.part()) : List.of();
    }

    private static int conditions(EventQuery query) {
        List<EventQuery> parts = parts(query);
        return parts.isEmpty() ? 1 : parts.stream().mapToInt(Size::conditions).sum();
    }

    private static int depth(EventQuery query) {
        return 1 + parts(query).stream().mapToInt(Size::depth).max().orElse(0);
    }

    /** Requires that a query of these parts is within the bounds. */
    static void require(List<EventQuery> parts, String between) {
        int conditions = parts.stream().mapToInt(Size::conditions).sum();
        if (conditions > EventQuery.CONDITIONS_MAX) {
            throw new IllegalArgumentException(
                    "a query has at most " + EventQuery.CONDITIONS_MAX + " conditions, found " + conditions);
        }
        int depth = 1 + parts.stream().mapToInt(Size::depth).max().orElse(0);
        if (depth > EventQuery.DEPTH_MAX) {
            throw new IllegalArgumentException(
                    "a query is nested at most " + EventQuery.DEPTH_MAX + " deep, found " + depth);
        }
        long chars = parts.stream()
                .mapToLong(part -> part.toString().length() + between.length() + 2L)
                .sum();
        if (chars > EventQuery.CHARS_MAX) {
            throw new IllegalArgumentException(
                    "a query has at most " + EventQuery.CHARS_MAX + " characters, found " + chars);
        }
    }

    /** The spelling of joined parts; those that would be read otherwise stand in parentheses. */
    static String joined(List<EventQuery> parts, String between) {
        return parts.stream()
                .map(part -> part instanceof Or ? "(" + part + ")" : part.toString())
                .collect(Collectors.joining(between));
    }
}
