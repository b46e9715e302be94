package dev.evidencevault.examples.documents;

/** Who a request's token belongs to. */
sealed interface Caller {
    /** Somebody of a tenant. */
    record Member(String tenant, String name) implements Caller {}

    /** Somebody of the provider, who can do nothing but support. */
    record Operator(String name) implements Caller {}

    /** A request without a token, or with one that nobody has. */
    record Nobody() implements Caller {}
}
