/** Keys, authenticated encryption, Merkle trees and signed notes: everything that is cryptography, and nothing else. */
@org.jspecify.annotations.NullMarked
module dev.evidencevault.crypto {
    requires static transitive org.jspecify;
    requires com.google.crypto.tink;
    requires org.bouncycastle.provider;

    exports dev.evidencevault.crypto.aead;
    exports dev.evidencevault.crypto.keys;
    exports dev.evidencevault.crypto.merkle;
    exports dev.evidencevault.crypto.note;
    exports dev.evidencevault.crypto.vrf;
}
