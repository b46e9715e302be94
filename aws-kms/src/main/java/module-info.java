/** Keys that AWS KMS keeps. */
@org.jspecify.annotations.NullMarked
module dev.evidencevault.awskms {
    requires static transitive org.jspecify;
    requires transitive dev.evidencevault.core;
    requires software.amazon.awssdk.auth;
    requires software.amazon.awssdk.awscore;
    requires software.amazon.awssdk.core;
    requires software.amazon.awssdk.http;
    requires software.amazon.awssdk.http.urlconnection;
    requires software.amazon.awssdk.profiles;
    requires software.amazon.awssdk.regions;
    requires transitive software.amazon.awssdk.services.kms;

    exports dev.evidencevault.awskms;

    provides dev.evidencevault.kms.KeySourceProvider with
            dev.evidencevault.awskms.AwsKeySourceProvider;
}
