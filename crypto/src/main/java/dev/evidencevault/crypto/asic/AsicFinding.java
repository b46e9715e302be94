package dev.evidencevault.crypto.asic;

import dev.evidencevault.crypto.cms.CadesVerdict;

/**
 * What was found of one signature of a container.
 *
 * @param number which: {@code META-INF/signature001.p7s} is 1
 * @param verdict passed if the files are all there, unchanged and no others, and the signature over their manifest passes
 */
public record AsicFinding(int number, CadesVerdict verdict) {}
