package dev.evidencevault.examples.documents;

import dev.evidencevault.examples.documents.Caller.Member;
import dev.evidencevault.examples.documents.Caller.Nobody;
import dev.evidencevault.examples.documents.Caller.Operator;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The tenants, their members with their roles, the operators, and everybody's token. Safe for use by several threads.
 *
 * <p>The token table is a toy: real services verify signed, expiring tokens of an identity provider.
 */
final class Directory {
    /** What a member may do. */
    enum Role {
        MEMBER,
        ADMIN;

        static Optional<Role> of(String word) {
            return switch (word) {
                case "member" -> Optional.of(MEMBER);
                case "admin" -> Optional.of(ADMIN);
                default -> Optional.empty();
            };
        }

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Map<String, Caller> callers = new HashMap<>();
    private final Map<Member, Role> roles = new ConcurrentHashMap<>();
    private final Set<String> tenants = new TreeSet<>();

    private Directory() {}

    /**
     * Parses a directory: {@code token=tenant/name:role} for a member, {@code token=name} for an operator, separated by
     * commas.
     */
    static Directory parse(String text) {
        Directory directory = new Directory();
        for (String entry : text.strip().split("\\s*,\\s*", -1)) {
            String[] sides = entry.split("=", 2);
            if (sides.length != 2 || sides[0].isEmpty()) {
                // The entry holds a token: it is not repeated.
                throw new IllegalArgumentException("expected token=tenant/name:role or token=operator");
            }
            if (directory.callers.put(sides[0], directory.add(sides[1])) != null) {
                throw new IllegalArgumentException("two people have the same token; " + sides[1] + " is the second");
            }
        }
        return directory;
    }

    private Caller add(String who) {
        String[] parts = who.split("[/:]", -1);
        if (parts.length == 1 && Route.isName(who)) {
            return new Operator(who);
        }
        Optional<Role> role = parts.length == 3 ? Role.of(parts[2]) : Optional.empty();
        if (role.isEmpty()
                || !Route.isName(parts[0])
                || !Route.isName(parts[1])
                || parts[0].equals(AuditTrail.PROVIDER)) {
            throw new IllegalArgumentException("expected tenant/name:role with the role member or admin, and no tenant "
                    + AuditTrail.PROVIDER + ", found " + who);
        }
        Member member = new Member(parts[0], parts[1]);
        tenants.add(member.tenant());
        roles.put(member, role.get());
        return member;
    }

    /** Returns whose token it is. */
    Caller caller(@Nullable String token) {
        return token == null ? new Nobody() : callers.getOrDefault(token, new Nobody());
    }

    Set<String> tenants() {
        return Set.copyOf(tenants);
    }

    boolean isTenant(@Nullable String name) {
        return name != null && tenants.contains(name);
    }

    boolean isMember(Member who) {
        return roles.containsKey(who);
    }

    boolean isAdmin(Member who) {
        return roles.get(who) == Role.ADMIN;
    }

    void assign(Member who, Role role) {
        roles.put(who, role);
    }
}
