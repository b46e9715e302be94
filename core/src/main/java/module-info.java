/** Writing, reading, verifying and exporting audit logs whose every tenant stands alone. */
@org.jspecify.annotations.NullMarked
module dev.evidencevault.core {
    requires static transitive org.jspecify;
    requires transitive dev.evidencevault.crypto;
    requires transitive com.fasterxml.jackson.databind;
    requires com.github.luben.zstd_jni;
    requires jdk.management;
    requires jdk.unsupported;
    requires static micrometer.core;
    requires org.slf4j;

    exports dev.evidencevault;
    exports dev.evidencevault.access;
    exports dev.evidencevault.actorindex;
    exports dev.evidencevault.anchor;
    exports dev.evidencevault.attest;
    exports dev.evidencevault.bundle;
    exports dev.evidencevault.cases;
    exports dev.evidencevault.copy;
    exports dev.evidencevault.deposit;
    exports dev.evidencevault.ending;
    exports dev.evidencevault.evidence;
    exports dev.evidencevault.format;
    exports dev.evidencevault.importer;
    exports dev.evidencevault.journal;
    exports dev.evidencevault.keys;
    exports dev.evidencevault.kms;
    exports dev.evidencevault.metrics;
    exports dev.evidencevault.papers;
    exports dev.evidencevault.place;
    exports dev.evidencevault.proof;
    exports dev.evidencevault.reader;
    exports dev.evidencevault.redaction;
    exports dev.evidencevault.report;
    exports dev.evidencevault.retention;
    exports dev.evidencevault.segment;
    exports dev.evidencevault.shred;
    exports dev.evidencevault.sink;
    exports dev.evidencevault.storage;
    exports dev.evidencevault.verify;
    exports dev.evidencevault.witness;

    uses dev.evidencevault.kms.KeySourceProvider;
    uses dev.evidencevault.place.ObjectStoreProvider;
}
