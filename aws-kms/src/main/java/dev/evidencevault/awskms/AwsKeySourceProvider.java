package dev.evidencevault.awskms;

import dev.evidencevault.crypto.keys.KeySource;
import dev.evidencevault.kms.KeySourceProvider;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.KmsClientBuilder;

/**
 * Opens keys named {@code aws-kms://arn:aws:kms:…}, with the credentials in {@code AWS_ACCESS_KEY_ID}, {@code
 * AWS_SECRET_ACCESS_KEY} and, if there is one, {@code AWS_SESSION_TOKEN}; at {@code AWS_ENDPOINT_URL_KMS} if that is set. Neither files nor
 * the metadata service of a machine are looked at: an application that wants them creates an {@link AwsKeySource} with a
 * client of its own.
 */
public final class AwsKeySourceProvider implements KeySourceProvider {
    private static final Duration CONNECTION_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(30);

    /** Creates the provider. */
    public AwsKeySourceProvider() {}

    @Override
    public String scheme() {
        return "aws-kms";
    }

    @Override
    public KeySource open(String uri, Map<String, String> environment) {
        String region = AwsKeySource.region(uri);
        ProfileFile noFile = ProfileFile.aggregator().build();
        KmsClientBuilder builder = KmsClient.builder()
                .region(Region.of(region))
                .credentialsProvider(StaticCredentialsProvider.create(credentials(environment)))
                .overrideConfiguration(options -> options.defaultProfileFile(noFile)
                        .apiCallTimeout(CALL_TIMEOUT)
                        .apiCallAttemptTimeout(CALL_TIMEOUT))
                .httpClient(UrlConnectionHttpClient.builder()
                        .connectionTimeout(CONNECTION_TIMEOUT)
                        .socketTimeout(CALL_TIMEOUT)
                        .build());
        String endpoint = environment.get("AWS_ENDPOINT_URL_KMS");
        if (endpoint != null && !endpoint.isEmpty()) {
            builder.endpointOverride(URI.create(endpoint));
        }
        return new AwsKeySource(uri, builder.build());
    }

    private static AwsCredentials credentials(Map<String, String> environment) {
        String id = required(environment, "AWS_ACCESS_KEY_ID");
        String secret = required(environment, "AWS_SECRET_ACCESS_KEY");
        @Nullable String session = environment.get("AWS_SESSION_TOKEN");
        return session == null || session.isEmpty()
                ? AwsBasicCredentials.create(id, secret)
                : AwsSessionCredentials.create(id, secret, session);
    }

    private static String required(Map<String, String> environment, String variable) {
        String value = environment.getOrDefault(variable, "");
        if (value.isEmpty()) {
            throw new IllegalArgumentException("credentials for AWS KMS are needed: set " + variable);
        }
        return value;
    }
}
