package dev.evidencevault.awskms;

import dev.evidencevault.crypto.keys.KeySource;
import dev.evidencevault.crypto.keys.KeySourceException;
import dev.evidencevault.crypto.keys.WrappedKey;
import dev.evidencevault.crypto.keys.WrongKeyException;
import java.util.HexFormat;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.IncorrectKeyException;
import software.amazon.awssdk.services.kms.model.InvalidCiphertextException;

/**
 * A symmetric key of AWS KMS, over its operations {@code Encrypt} and {@code Decrypt}. The associated data is the encryption
 * context, under the name and in the form in which Tink's client for AWS has it, so that the service's own log of calls
 * (CloudTrail) shows what the key was used for. Safe for use by several threads. Tested against a server that speaks the
 * protocol; the real service was not tried.
 */
public final class AwsKeySource implements KeySource {
    /** What the name of a key begins with, as Tink has it. */
    public static final String SCHEME = "aws-kms://";

    private static final Pattern ARN = Pattern.compile(
            "arn:aws[a-z-]{0,20}:kms:([a-z0-9-]{1,40}):[0-9]{12}:(?:key/[A-Za-z0-9-]{1,64}|alias/[A-Za-z0-9/_-]{1,250})");

    private static final String CONTEXT = "associatedData";

    private final String arn;
    private final KmsClient client;

    /**
     * Creates a source.
     *
     * @param key the ARN of a key or an alias, with or without {@value #SCHEME} before it
     * @param client asks the service, as somebody who may use the key; stays the caller's to close
     * @throws IllegalArgumentException if the ARN is of another form
     */
    public AwsKeySource(String key, KmsClient client) {
        this.arn = arn(key).group();
        this.client = client;
    }

    /** Returns the region of a key. */
    static String region(String key) {
        return arn(key).group(1);
    }

    private static Matcher arn(String key) {
        Matcher arn = ARN.matcher(key.startsWith(SCHEME) ? key.substring(SCHEME.length()) : key);
        if (!arn.matches()) {
            throw new IllegalArgumentException(
                    "expected a key of AWS KMS as" + " arn:aws:kms:REGION:ACCOUNT:key/ID, found " + key);
        }
        return arn;
    }

    @Override
    public String uri() {
        return SCHEME + arn;
    }

    private static Map<String, String> context(byte[] associatedData) {
        return Map.of(CONTEXT, HexFormat.of().formatHex(associatedData));
    }

    @Override
    public byte[] wrap(byte[] key, byte[] associatedData) throws KeySourceException {
        byte[] wrapped;
        try {
            wrapped = client.encrypt(request -> request.keyId(arn)
                            .plaintext(SdkBytes.fromByteArray(key))
                            .encryptionContext(context(associatedData)))
                    .ciphertextBlob()
                    .asByteArray();
        } catch (SdkException e) {
            throw new KeySourceException(uri() + " does not wrap a key: " + e.getMessage(), e);
        }
        if (wrapped.length == 0 || wrapped.length > WrappedKey.BYTES_MAX) {
            throw new KeySourceException(uri() + ": expected a ciphertext of 1 to " + WrappedKey.BYTES_MAX
                    + " bytes, found " + wrapped.length);
        }
        return wrapped;
    }

    @Override
    public byte[] unwrap(byte[] wrapped, byte[] associatedData) throws KeySourceException, WrongKeyException {
        try {
            return client.decrypt(request -> request.keyId(arn)
                            .ciphertextBlob(SdkBytes.fromByteArray(wrapped))
                            .encryptionContext(context(associatedData)))
                    .plaintext()
                    .asByteArray();
        } catch (InvalidCiphertextException | IncorrectKeyException e) {
            throw new WrongKeyException(uri() + " does not open the vault's key: " + e.getMessage());
        } catch (SdkException e) {
            throw new KeySourceException(uri() + " does not unwrap the key: " + e.getMessage(), e);
        }
    }
}
