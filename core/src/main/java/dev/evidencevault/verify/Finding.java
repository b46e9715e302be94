package dev.evidencevault.verify;

/**
 * What was found of a claim at one place.
 *
 * @param verdict what follows for the claim
 * @param claim the claim
 * @param where the file, and the place in it as far as known
 * @param reason what was expected and what was found
 */
public record Finding(Verdict verdict, Claim claim, String where, String reason) {}
