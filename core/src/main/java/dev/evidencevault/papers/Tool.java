package dev.evidencevault.papers;

/**
 * The Java with which papers are made. It is handed in, so that papers follow from what they are made of and nothing else.
 *
 * @param javaVersion the version of the Java that runs, as it names itself
 * @param javaVendor who made it
 */
public record Tool(String javaVersion, String javaVendor) {
    /** Returns the Java that runs. */
    public static Tool running() {
        return new Tool(Runtime.version().toString(), System.getProperty("java.vm.vendor", "unknown"));
    }
}
