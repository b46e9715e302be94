package dev.evidencevault;

/** What appending does while more events wait for the disk than {@link VaultOptions#queueBytesMax} allows. */
public enum BackPressure {
    /** It waits until there is room. */
    BLOCK,
    /** It throws {@link AppendRefusedException}, and a record in the tenant's log tells how many events that were. */
    REFUSE
}
