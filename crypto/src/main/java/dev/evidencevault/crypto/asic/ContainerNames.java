package dev.evidencevault.crypto.asic;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** What the files of a container are called that are not its content (EN 319 162-1 section 4.4). */
final class ContainerNames {
    static final int SIGNATURES_MAX = 99;

    private static final String META_INF = "META-INF/";
    private static final String TYPE = "application/vnd.etsi.asic-e+zip";

    private ContainerNames() {}

    /** Returns the content of {@code mimetype}. */
    static byte[] type() {
        return TYPE.getBytes(StandardCharsets.US_ASCII);
    }

    /** Says whether a name is for manifests and signatures, for readers who do not tell a from A either. */
    static boolean isMeta(String name) {
        return name.toUpperCase(Locale.ROOT).startsWith(META_INF)
                || name.toUpperCase(Locale.ROOT).concat("/").equals(META_INF);
    }

    static String manifest(int number) {
        return String.format(Locale.ROOT, "%sASiCManifest%03d.xml", META_INF, number);
    }

    static String signature(int number) {
        return String.format(Locale.ROOT, "%ssignature%03d.p7s", META_INF, number);
    }
}
