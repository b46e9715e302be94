package dev.evidencevault.s3;

import dev.evidencevault.place.ObjectStore;
import dev.evidencevault.place.ObjectStoreProvider;
import java.util.Map;

/** Opens stores named {@code s3://…}. */
public final class S3StoreProvider implements ObjectStoreProvider {
    /** Creates the provider. */
    public S3StoreProvider() {}

    @Override
    public String scheme() {
        return "s3";
    }

    @Override
    public ObjectStore open(String location, Map<String, String> environment) {
        return S3Store.open(S3Place.parse(location, environment));
    }
}
