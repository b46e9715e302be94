package dev.evidencevault.crypto.vrf;

import java.util.Arrays;
import java.util.HexFormat;

/** A proof of ECVRF-P256-SHA256-TAI: Gamma 33, c 16, s 32 bytes (RFC 9381 section 5.1). Immutable. */
public final class VrfProof {
    /** Length in bytes. */
    public static final int BYTES = EcVrf.POINT_BYTES + EcVrf.CHALLENGE_BYTES + EcVrf.SCALAR_BYTES;

    private final byte[] gamma;
    private final byte[] challenge;
    private final byte[] response;

    VrfProof(byte[] gamma, byte[] challenge, byte[] response) {
        this.gamma = gamma;
        this.challenge = challenge;
        this.response = response;
    }

    /**
     * Parses 162 lower-case hexadecimal digits. Says nothing about what they prove.
     *
     * @throws IllegalArgumentException if there are others
     */
    public static VrfProof parse(String text) {
        byte[] bytes = HexFormat.of().parseHex(text);
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("the proof of a pseudonym has 81 bytes, found " + bytes.length);
        }
        int responseAt = EcVrf.POINT_BYTES + EcVrf.CHALLENGE_BYTES;
        VrfProof proof = new VrfProof(
                Arrays.copyOf(bytes, EcVrf.POINT_BYTES),
                Arrays.copyOfRange(bytes, EcVrf.POINT_BYTES, responseAt),
                Arrays.copyOfRange(bytes, responseAt, BYTES));
        if (!proof.hex().equals(text)) {
            throw new IllegalArgumentException("a proof is written in lower-case digits");
        }
        return proof;
    }

    byte[] gamma() {
        return gamma;
    }

    byte[] challenge() {
        return challenge;
    }

    byte[] response() {
        return response;
    }

    /** Returns the bytes in hexadecimal digits. */
    public String hex() {
        HexFormat hex = HexFormat.of();
        return hex.formatHex(gamma) + hex.formatHex(challenge) + hex.formatHex(response);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof VrfProof proof && hex().equals(proof.hex());
    }

    @Override
    public int hashCode() {
        return hex().hashCode();
    }

    @Override
    public String toString() {
        return hex();
    }
}
