package dev.evidencevault.crypto.x509;

import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;

/** The kinds of public keys that are used here: what is none of them is refused. */
public enum KeyKind {
    /** A point of P-256 (FIPS 186-5). */
    EC_P256,
    /** A point of P-384 (FIPS 186-5). */
    EC_P384,
    /** RSA, of any size (RFC 8017). */
    RSA;

    private static final ECParameterSpec P256 = curve("secp256r1");
    private static final ECParameterSpec P384 = curve("secp384r1");

    /**
     * Returns the kind of a key.
     *
     * @throws IllegalArgumentException if it is of no kind that is used here
     */
    public static KeyKind of(PublicKey key) {
        if (key instanceof RSAPublicKey) {
            return RSA;
        }
        if (key instanceof ECPublicKey point && same(point.getParams(), P256)) {
            return EC_P256;
        }
        if (key instanceof ECPublicKey point && same(point.getParams(), P384)) {
            return EC_P384;
        }
        throw new IllegalArgumentException("expected a key of RSA, P-256 or P-384, found one of " + key.getAlgorithm());
    }

    private static boolean same(ECParameterSpec found, ECParameterSpec expected) {
        return found.getCurve().equals(expected.getCurve())
                && found.getGenerator().equals(expected.getGenerator())
                && found.getOrder().equals(expected.getOrder())
                && found.getCofactor() == expected.getCofactor();
    }

    private static ECParameterSpec curve(String name) {
        try {
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
            parameters.init(new ECGenParameterSpec(name));
            return parameters.getParameterSpec(ECParameterSpec.class);
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every Java platform has " + name, e);
        }
    }
}
