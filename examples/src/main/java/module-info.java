/** Applications that embed the vault. Nothing depends on them. */
@org.jspecify.annotations.NullMarked
module dev.evidencevault.examples {
    requires dev.evidencevault.core;
    requires jdk.httpserver;
}
