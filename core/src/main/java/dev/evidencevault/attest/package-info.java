/**
 * What others say of a vault's checkpoints, and is kept with it: cosignatures of witnesses, time stamps. It is gathered
 * after an anchor was made, by the same way on which checkpoints go to sinks, and nobody waits for it.
 */
package dev.evidencevault.attest;
