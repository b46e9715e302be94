package dev.evidencevault.evidence;

/** Is told how far an export is, by the thread that exports. An exception from it ends the export. */
@FunctionalInterface
public interface ExportProgress {
    /** What an export does, in this order. */
    enum Phase {
        /** Reads the log; counted in leaves of its tree. */
        READING("reading the log"),
        /** Writes papers; counted in bytes of the files that they are made of. */
        PAPERS("writing papers"),
        /** Writes report, manifests, signatures and the ZIP file; not counted. */
        PACKING("packing"),
        /** Verifies the bundle, and the container that it was put into; not counted. */
        VERIFYING("verifying"),
        /** Signs the bundle into a container, if that is asked for, and has the signature stamped; not counted. */
        SIGNING("signing");

        private final String label;

        Phase(String label) {
            this.label = label;
        }

        /** Returns how a message says it. */
        public String label() {
            return label;
        }
    }

    /**
     * Takes the progress.
     *
     * @param done how much of the phase is done
     * @param total how much there is; 0 if it is not counted
     */
    void at(Phase phase, long done, long total);
}
