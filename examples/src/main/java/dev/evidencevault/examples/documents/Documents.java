package dev.evidencevault.examples.documents;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The tenants' documents. Implementations are safe for use by several threads. */
interface Documents {
    /** Reads a document; empty if there is none. */
    Optional<String> read(String tenant, String id);

    /** Puts a document in the place of what is there. */
    void write(String tenant, String id, String text);

    /** Removes a document. */
    void delete(String tenant, String id);

    /** Returns documents that are lost when the process ends. */
    static Documents inMemory() {
        record Key(String tenant, String id) {}
        Map<Key, String> texts = new ConcurrentHashMap<>();
        return new Documents() {
            @Override
            public Optional<String> read(String tenant, String id) {
                return Optional.ofNullable(texts.get(new Key(tenant, id)));
            }

            @Override
            public void write(String tenant, String id, String text) {
                texts.put(new Key(tenant, id), text);
            }

            @Override
            public void delete(String tenant, String id) {
                texts.remove(new Key(tenant, id));
            }
        };
    }
}
