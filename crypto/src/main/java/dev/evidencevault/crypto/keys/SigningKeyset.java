package dev.evidencevault.crypto.keys;

import com.google.crypto.tink.AccessesPartialKey;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.Key;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.Parameters;
import com.google.crypto.tink.PublicKeySign;
import com.google.crypto.tink.signature.EcdsaParameters;
import com.google.crypto.tink.signature.EcdsaPrivateKey;
import com.google.crypto.tink.signature.Ed25519PrivateKey;
import com.google.crypto.tink.signature.PredefinedSignatureParameters;
import dev.evidencevault.crypto.note.NoteAlgorithm;
import dev.evidencevault.crypto.note.NoteSigner;
import dev.evidencevault.crypto.note.NoteVerifier;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.ECPrivateKeySpec;

/** A Tink keyset whose primary key signs notes. */
final class SigningKeyset {
    private SigningKeyset() {}

    static KeysetHandle generate(NoteAlgorithm algorithm) {
        return DerivedKeys.newKeyset(
                switch (algorithm) {
                    case ED25519 -> PredefinedSignatureParameters.ED25519WithRawOutput;
                    case ECDSA_P384 -> p384();
                });
    }

    /** Tink signs with P-384 and SHA-384 or more only; it keeps the key, and {@link #sign} signs as notes want it. */
    private static Parameters p384() {
        try {
            return EcdsaParameters.builder()
                    .setCurveType(EcdsaParameters.CurveType.NIST_P384)
                    .setHashType(EcdsaParameters.HashType.SHA384)
                    .setSignatureEncoding(EcdsaParameters.SignatureEncoding.DER)
                    .setVariant(EcdsaParameters.Variant.NO_PREFIX)
                    .build();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("ECDSA over P-384 is not to be had", e);
        }
    }

    @AccessesPartialKey
    static NoteSigner signer(KeysetHandle signing, String keyName) {
        try {
            Key key = signing.getPrimary().getKey();
            if (key instanceof EcdsaPrivateKey ecdsa) {
                PrivateKey privateKey = privateKey(ecdsa);
                return new NoteSigner(
                        NoteVerifier.ecdsaP384(keyName, ecdsa.getPublicKey().getPublicPoint()),
                        message -> sign(privateKey, message));
            }
            byte[] publicKey =
                    ((Ed25519PrivateKey) key).getPublicKey().getPublicKeyBytes().toByteArray();
            return new NoteSigner(
                    new NoteVerifier(keyName, publicKey),
                    signing.getPrimitive(TinkRegistry.configuration(), PublicKeySign.class)::sign);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the signing keyset does not sign", e);
        }
    }

    @AccessesPartialKey
    private static PrivateKey privateKey(EcdsaPrivateKey key) throws GeneralSecurityException {
        if (key.getParameters().getCurveType() != EcdsaParameters.CurveType.NIST_P384) {
            throw new GeneralSecurityException("expected a key of P-384");
        }
        BigInteger value = key.getPrivateValue().getBigInteger(InsecureSecretKeyAccess.get());
        return KeyFactory.getInstance("EC")
                .generatePrivate(new ECPrivateKeySpec(
                        value, key.getParameters().getCurveType().toParameterSpec()));
    }

    private static byte[] sign(PrivateKey key, byte[] message) throws GeneralSecurityException {
        Signature signing = Signature.getInstance("SHA256withECDSA");
        signing.initSign(key);
        signing.update(message);
        return signing.sign();
    }
}
