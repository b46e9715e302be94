package dev.evidencevault.cases;

/** What is done in one step. */
public enum StepKind {
    /** An order came in. */
    OPEN("open"),
    /** Counsel judged it. */
    REVIEW("review"),
    /** Whether the tenant may know was decided anew. */
    NOTICE("notice"),
    /** Records must be kept. */
    HOLD("hold"),
    /** A hold runs longer. */
    EXTEND("extend"),
    /** Somebody asks for the end of a hold. */
    RELEASE("release"),
    /** Another person agreed: the hold has ended. */
    RELEASED("released"),
    /** What is to be exported. */
    SCOPE("scope"),
    /** Another person approved the scope. */
    APPROVE("approve"),
    /** A third person confirmed an emergency approval. */
    CONFIRM("confirm"),
    /** The bundle was made. */
    EXPORT("export"),
    /** Fields are to be withheld from what is exported. */
    REDACT("redact"),
    /** The bundle was encrypted for its recipient. */
    SEAL("seal"),
    /** It was handed over. */
    HANDOVER("handover"),
    /** The recipient said what arrived. */
    ACKNOWLEDGE("acknowledge"),
    /** Nothing more is to be done. */
    CLOSE("close"),
    /** Something was refused, which changes nothing else. */
    REFUSED("refused"),
    /** In the register: a person, or another key or role of one. */
    PERSON("person"),
    /** In the register: a person signs no more. */
    PERSON_END("personEnd");

    private final String label;

    StepKind(String label) {
        this.label = label;
    }

    /** Returns the word in steps and on the command line. */
    public String label() {
        return label;
    }

    /** Says whether such a step stands in the register of persons and not in a case. */
    boolean isOfRegister() {
        return this == PERSON || this == PERSON_END;
    }

    /** Says whether such a step is signed with the vault's key and not by a person. */
    boolean isSignedByVault() {
        return isOfRegister() || this == REFUSED;
    }

    /**
     * Returns the kind of a label.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static StepKind ofLabel(String label) {
        for (StepKind kind : values()) {
            if (kind.label.equals(label)) {
                return kind;
            }
        }
        throw new IllegalArgumentException("unknown kind of step \"" + label + "\"");
    }
}
