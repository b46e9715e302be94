package dev.evidencevault.cli;

import dev.evidencevault.verify.Verdict;

/** How a command ended. Scripts rely on the numbers. */
final class ExitCode {
    static final int PASSED = 0;
    static final int INTERNAL_ERROR = 1;
    static final int USAGE = 2;
    static final int FAILED = 3;
    static final int INDETERMINATE = 4;
    static final int INCOMPLETE = 5;
    static final int REFUSED = 6;
    static final int KEY_UNAVAILABLE = 7;

    private ExitCode() {}

    static int of(Verdict verdict) {
        return switch (verdict) {
            case PASSED -> PASSED;
            case INDETERMINATE -> INDETERMINATE;
            case FAILED -> FAILED;
        };
    }
}
