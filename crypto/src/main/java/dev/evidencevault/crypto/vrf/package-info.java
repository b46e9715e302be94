/** Verifiable random functions: pseudonyms that only a key holder can compute and everybody can check (RFC 9381). */
package dev.evidencevault.crypto.vrf;
