package dev.evidencevault.cases;

import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * The id of a case, random: 12 lower-case hexadecimal digits, which tell of nobody. The {@link #REGISTER} of persons is
 * kept as cases are, under an id of its own.
 *
 * @param text the id as it stands in files and names of directories
 */
public record CaseId(String text) {
    /** The id under which the persons are kept who sign. */
    public static final CaseId REGISTER = new CaseId("register");

    /** Checks the id. */
    public CaseId {
        if (!isId(text)) {
            throw new IllegalArgumentException("expected a case id of 12 hexadecimal digits, found \"" + text + "\"");
        }
    }

    /** Returns a new id. */
    static CaseId random(SecureRandom random) {
        byte[] bytes = new byte[6];
        random.nextBytes(bytes);
        return new CaseId(HexFormat.of().formatHex(bytes));
    }

    /** Says whether a text is an id, the register's included. */
    public static boolean isId(String text) {
        return text.matches("[0-9a-f]{12}|register");
    }

    @Override
    public String toString() {
        return text;
    }
}
