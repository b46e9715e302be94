/**
 * Keys, encryption, Merkle trees, signed notes, time stamps, signatures and containers: everything that is cryptography,
 * and nothing else.
 */
@org.jspecify.annotations.NullMarked
module dev.evidencevault.crypto {
    requires static transitive org.jspecify;
    requires transitive java.net.http;
    requires transitive com.google.crypto.tink;
    requires org.bouncycastle.pkix;
    requires org.bouncycastle.provider;
    requires org.bouncycastle.util;

    exports dev.evidencevault.crypto.aead;
    exports dev.evidencevault.crypto.age;
    exports dev.evidencevault.crypto.asic;
    exports dev.evidencevault.crypto.cms;
    exports dev.evidencevault.crypto.file;
    exports dev.evidencevault.crypto.http;
    exports dev.evidencevault.crypto.keys;
    exports dev.evidencevault.crypto.merkle;
    exports dev.evidencevault.crypto.note;
    exports dev.evidencevault.crypto.timestamp;
    exports dev.evidencevault.crypto.vrf;
    exports dev.evidencevault.crypto.zip;
}
