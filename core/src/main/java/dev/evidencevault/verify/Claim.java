package dev.evidencevault.verify;

/** What a vault or a bundle claims of itself. */
public enum Claim {
    /** The files are those that there ought to be, and have their form. */
    FILES("files"),
    /** The settings are those that the vault's key signed. */
    SETTINGS("settings"),
    /** The files of a bag have the digests that its manifests list. */
    MANIFEST("manifest"),
    /** The bundle was signed with the vault's key. */
    SIGNATURE("signature"),
    /** People signed the bundle, whose certificates trusted authorities vouch for. */
    SIGNERS("signers"),
    /** The order is well-formed and is the one that was followed. */
    ORDER("order"),
    /** The segments of a log are unchanged, without a gap, and lead to the root of its tree. */
    SEGMENTS("segments"),
    /** The records decrypt and are those that the tree commits to. */
    RECORDS("records"),
    /** What is withheld from the records is what rules name that were approved, and all of it. */
    REDACTION("redaction"),
    /** Nothing that the order asks for is left out, and nothing else is shown. */
    COMPLETENESS("completeness"),
    /** The search index is the one that was written. */
    INDEX("index"),
    /** The signed checkpoints cover the logs, one after the other, up to their ends. */
    ANCHORS("anchors"),
    /** The signed checkpoints existed by the times that trusted authorities stamped them with. */
    TIME("time"),
    /** What is not sealed yet is whole. */
    JOURNAL("journal"),
    /** The steps of cases are signed, in their places and permitted, and none is missing. */
    CASES("cases"),
    /** What was deposited is what the logs tell of, and its packs are unchanged. */
    BACKUPS("backups");

    private final String label;

    Claim(String label) {
        this.label = label;
    }

    /** Returns the word in reports. */
    public String label() {
        return label;
    }
}
