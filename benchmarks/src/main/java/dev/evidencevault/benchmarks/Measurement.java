package dev.evidencevault.benchmarks;

import java.util.Map;

/** What a JVM of its own measures. */
enum Measurement {
    /** Events a second, all sealed. */
    STEADY {
        @Override
        Map<String, Object> measure(Setting setting) throws Exception {
            return Throughput.measure(setting, true);
        }
    },
    /** Events a second, all done. */
    BURST {
        @Override
        Map<String, Object> measure(Setting setting) throws Exception {
            return Throughput.measure(setting, false);
        }
    },
    /** Time until an event is done, at several loads. */
    LATENCY {
        @Override
        Map<String, Object> measure(Setting setting) throws Exception {
            return Latency.measure(setting);
        }
    },
    /** Writes a journal until the process is killed. */
    RECOVERY_WRITE {
        @Override
        Map<String, Object> measure(Setting setting) throws Exception {
            return Recovery.write(setting);
        }
    },
    /** Opening after that. */
    RECOVERY_OPEN {
        @Override
        Map<String, Object> measure(Setting setting) throws Exception {
            return Recovery.open(setting);
        }
    },
    /** Memory and open files of a tenant that does nothing. */
    IDLE {
        @Override
        Map<String, Object> measure(Setting setting) throws Exception {
            return Idle.measure(setting);
        }
    },
    /** Writes what is verified. */
    VERIFY_WRITE {
        @Override
        Map<String, Object> measure(Setting setting) throws Exception {
            return Verification.write(setting);
        }
    },
    /** Verifying without keys. */
    VERIFY_WITHOUT_KEYS {
        @Override
        Map<String, Object> measure(Setting setting) throws Exception {
            return Verification.verify(setting, false);
        }
    },
    /** Verifying with keys. */
    VERIFY_WITH_KEYS {
        @Override
        Map<String, Object> measure(Setting setting) throws Exception {
            return Verification.verify(setting, true);
        }
    },
    /** Sizes of proofs, and how long bundles take to verify. */
    PROOFS {
        @Override
        Map<String, Object> measure(Setting setting) throws Exception {
            return ProofCosts.measure(setting);
        }
    },
    /** An export of all records of one tenant among many. */
    EXPORT {
        @Override
        Map<String, Object> measure(Setting setting) throws Exception {
            return LargeExport.measure(setting);
        }
    },
    /** A backup of a directory, and its restore. */
    BACKUP {
        @Override
        Map<String, Object> measure(Setting setting) throws Exception {
            return BackupWork.measure(setting);
        }
    },
    /** Questions about one tenant. */
    SEARCH {
        @Override
        Map<String, Object> measure(Setting setting) throws Exception {
            return Search.measure(setting);
        }
    },
    /** Questions about many tenants. */
    SEARCH_TENANTS {
        @Override
        Map<String, Object> measure(Setting setting) throws Exception {
            return SearchManyTenants.measure(setting);
        }
    };

    /** Measures; the result has names and numbers, and lists of such. */
    abstract Map<String, Object> measure(Setting setting) throws Exception;
}
