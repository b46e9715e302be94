/** Copies of a vault in object stores that speak S3. */
@org.jspecify.annotations.NullMarked
module dev.evidencevault.s3store {
    requires static transitive org.jspecify;
    requires transitive dev.evidencevault.core;
    requires software.amazon.awssdk.auth;
    requires software.amazon.awssdk.awscore;
    requires software.amazon.awssdk.core;
    requires software.amazon.awssdk.http;
    requires software.amazon.awssdk.http.urlconnection;
    requires software.amazon.awssdk.profiles;
    requires software.amazon.awssdk.regions;
    requires software.amazon.awssdk.services.s3;

    exports dev.evidencevault.s3;

    provides dev.evidencevault.place.ObjectStoreProvider with
            dev.evidencevault.s3.S3StoreProvider;
}
