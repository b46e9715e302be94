/** The command line tool {@code evault}. */
@org.jspecify.annotations.NullMarked
module dev.evidencevault.cli {
    requires static org.jspecify;
    requires dev.evidencevault.core;
    requires dev.evidencevault.index;
    requires info.picocli;
    requires java.logging;

    opens dev.evidencevault.cli to
            info.picocli;
}
