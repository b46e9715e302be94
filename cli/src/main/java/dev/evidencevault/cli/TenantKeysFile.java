package dev.evidencevault.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.crypto.keys.KeySource;
import dev.evidencevault.crypto.keys.KeySourceException;
import dev.evidencevault.crypto.keys.TenantKeySources;
import dev.evidencevault.crypto.keys.TokenKeySource;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.format.Json;
import dev.evidencevault.kms.TransitKeySource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A file that names the key sources of tenants which bring their own. A source is opened when its tenant's keys are needed, and
 * not before: one that is away concerns nobody else.
 *
 * <pre>{@code
 * {"tenants": {
 *   "acme": [{"token": "acme.cfg", "label": "evault", "pinFile": "acme.pin"}],
 *   "initech": [{"transit": "https://kms.example:8200/v1/transit/keys/initech", "tokenFile": "initech.token"}],
 *   "umbrella": [{"kms": "aws-kms://arn:aws:kms:eu-central-1:123456789012:key/1234abcd"}]
 * }}
 * }</pre>
 */
final class TenantKeysFile implements TenantKeySources {
    private static final Set<String> TOKEN = Set.of("token", "label", "pinFile");
    private static final Set<String> KMS = Set.of("kms");
    private static final Set<String> TRANSIT = Set.of("transit", "tokenFile");

    private final Path file;
    private final Map<String, String> environment;
    private final Map<String, List<Entry>> tenants = new HashMap<>();

    /** A source as it stands in the file. */
    private sealed interface Entry {
        KeySource open() throws IOException, WrongKeyException, KeyUnavailableException;
    }

    /** A key in a token. */
    private record Token(Path configuration, String label, Path pinFile) implements Entry {
        @Override
        public KeySource open() throws IOException, WrongKeyException, KeyUnavailableException {
            char[] pin = SecretOptions.firstLine(pinFile).toCharArray();
            try {
                return TokenKeySource.open(configuration, pin, label);
            } finally {
                Arrays.fill(pin, '\0');
            }
        }
    }

    /** A key of HashiCorp Vault or OpenBao. */
    private record Transit(String address, Path tokenFile) implements Entry {
        @Override
        public KeySource open() throws IOException, KeyUnavailableException {
            return new TransitKeySource(address, SecretOptions.firstLine(tokenFile), KeySourceOption.TIMEOUT);
        }
    }

    /** A key of a service whose credentials stand in the environment. */
    private record Service(String uri, Map<String, String> environment) implements Entry {
        @Override
        public KeySource open() throws KeyUnavailableException {
            return KeySourceOption.ofService(uri, environment);
        }
    }

    private TenantKeysFile(Path file, Map<String, String> environment) {
        this.file = file;
        this.environment = environment;
    }

    /**
     * Reads the file, and opens no source.
     *
     * @throws UsageException if it is not of this form
     */
    static TenantKeysFile read(Path file, Map<String, String> environment) throws IOException {
        TenantKeysFile read = new TenantKeysFile(file, environment);
        try {
            ObjectNode json = Json.parseObject(KeyOption.small(file), "the file");
            Json.requireOnly(json, Set.of("tenants"), "the file");
            if (!(json.path("tenants") instanceof ObjectNode tenants)) {
                throw new IllegalArgumentException("expected the tenants as an object");
            }
            for (Map.Entry<String, JsonNode> tenant : tenants.properties()) {
                List<Entry> entries = new ArrayList<>();
                for (JsonNode source : tenant.getValue()) {
                    entries.add(read.entry(source));
                }
                if (!tenant.getValue().isArray() || entries.isEmpty()) {
                    throw new IllegalArgumentException(
                            "expected a list of sources for tenant \"" + tenant.getKey() + "\"");
                }
                read.tenants.put(tenant.getKey(), entries);
            }
            return read;
        } catch (IllegalArgumentException e) {
            throw new UsageException(file + ": " + Json.firstLine(e));
        }
    }

    private Entry entry(JsonNode source) {
        if (!(source instanceof ObjectNode object)) {
            throw new IllegalArgumentException("expected a source as an object");
        }
        if (object.has("token")) {
            Json.requireOnly(object, TOKEN, "a key in a token");
            return new Token(beside(object, "token"), Json.text(object, "label"), beside(object, "pinFile"));
        }
        if (object.has("transit")) {
            Json.requireOnly(object, TRANSIT, "a key of a transit engine");
            return new Transit(Json.text(object, "transit"), beside(object, "tokenFile"));
        }
        if (object.has("kms")) {
            Json.requireOnly(object, KMS, "a key of a service");
            return new Service(Json.text(object, "kms"), environment);
        }
        throw new IllegalArgumentException("expected a source with \"token\", \"transit\" or \"kms\"");
    }

    /** A path that is relative to where the file lies. */
    private Path beside(ObjectNode object, String member) {
        return file.resolveSibling(Json.text(object, member));
    }

    @Override
    public List<KeySource> of(String tenant) throws KeySourceException, WrongKeyException {
        List<KeySource> sources = new ArrayList<>();
        for (Entry entry : tenants.getOrDefault(tenant, List.of())) {
            try {
                sources.add(entry.open());
            } catch (KeySourceException e) {
                throw e;
            } catch (IOException | KeyUnavailableException | IllegalArgumentException e) {
                throw new KeySourceException(file + ", tenant " + tenant + ": " + Json.firstLine(e), e);
            }
        }
        return sources;
    }
}
