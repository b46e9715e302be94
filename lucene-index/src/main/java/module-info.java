/** Searching the log of one tenant through an encrypted Lucene index. */
@org.jspecify.annotations.NullMarked
module dev.evidencevault.index {
    requires static transitive org.jspecify;
    requires transitive dev.evidencevault.core;
    requires org.apache.lucene.analysis.kuromoji;
    requires org.apache.lucene.core;
    requires org.slf4j;

    exports dev.evidencevault.index;
    exports dev.evidencevault.index.query;
}
