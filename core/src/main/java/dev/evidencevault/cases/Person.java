package dev.evidencevault.cases;

import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Somebody who signs steps. Immutable.
 *
 * @param id what steps call the person: 1 to 64 characters of a to z, 0 to 9, dot and hyphen, from a letter or digit on
 * @param name the person's name
 * @param roles what the person may do
 * @param key what the person signs with
 */
public record Person(String id, String name, Set<Role> roles, PersonKey key) {
    /** Checks the id and that the key carries it. */
    public Person {
        if (!id.matches("[a-z0-9][a-z0-9.-]{0,63}")) {
            throw new IllegalArgumentException("a person's id has 1 to 64 characters of a to z, 0 to 9, dot and hyphen,"
                    + " from a letter or digit on, found \"" + id + "\"");
        }
        StepFields.requireText(name, "name");
        if (roles.isEmpty()) {
            throw new IllegalArgumentException("a person has a role: officer, counsel, operator or approver");
        }
        roles = Set.copyOf(roles);
        if (!key.name().equals(id)) {
            throw new IllegalArgumentException("the key is of \"" + key.name() + "\", the person's id is \"" + id
                    + "\"; they have to be the same");
        }
    }

    /** Returns the labels of the roles, in their order. */
    public String roleLabels() {
        return new TreeSet<>(roles).stream().map(Role::label).collect(Collectors.joining(", "));
    }
}
