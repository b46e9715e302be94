package dev.evidencevault.cases;

/** What a person may do in cases. Whoever is registered may do what needs no role. */
public enum Role {
    /** Takes orders in, and hands over. */
    OFFICER("officer"),
    /** Judges orders and says what the tenant may know: review and notice. */
    COUNSEL("counsel"),
    /** Runs the export. */
    OPERATOR("operator"),
    /** Approves scopes and releases, and confirms emergency approvals. */
    APPROVER("approver");

    private final String label;

    Role(String label) {
        this.label = label;
    }

    /** Returns the word in steps and on the command line. */
    public String label() {
        return label;
    }

    /**
     * Returns the role of a label.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Role ofLabel(String label) {
        for (Role role : values()) {
            if (role.label.equals(label)) {
                return role;
            }
        }
        throw new IllegalArgumentException(
                "expected a role: officer, counsel, operator or approver, found \"" + label + "\"");
    }
}
