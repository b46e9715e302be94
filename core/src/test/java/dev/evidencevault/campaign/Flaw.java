package dev.evidencevault.campaign;

/** What a writer does wrong on purpose, so that a campaign can show that it would notice. */
enum Flaw {
    /** Nothing. */
    NONE,
    /** Takes an event for acknowledged as soon as it was handed over. */
    RECEIPT_NOT_AWAITED,
    /** Writes to a storage that does not sync. */
    UNSYNCED
}
