package dev.evidencevault.cases;

import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.KeyHistory;
import dev.evidencevault.format.LogId;
import dev.evidencevault.format.Timestamps;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Checks of steps, one after the other, that each follows the one before. For one thread. */
final class StepChain {
    private final LogId vault;
    private final CaseId id;
    private @Nullable CaseStep last;

    StepChain(LogId vault, CaseId id) {
        this.vault = vault;
        this.id = id;
    }

    /**
     * Says which of the vault's keys signed a step.
     *
     * @param last which of them signed the one before it in this chain, from 0
     */
    static int signer(KeyHistory vaultKeys, CaseStep step, int last) throws BrokenCaseException {
        return vaultKeys
                .signerOf(step.note(), last)
                .orElseThrow(() -> new BrokenCaseException(step.number(), "it is not signed with the vault's key"));
    }

    /** Takes the next step. */
    void add(CaseStep step) throws BrokenCaseException {
        long expected = last == null ? 1 : last.number() + 1;
        CaseStep.Head head = step.head();
        if (!head.vault().equals(vault)) {
            throw new BrokenCaseException(
                    expected, "expected a step of vault " + vault + ", found one of " + head.vault());
        }
        if (!head.id().equals(id)) {
            throw new BrokenCaseException(expected, "expected a step of case " + id + ", found one of " + head.id());
        }
        if (head.number() != expected) {
            throw new BrokenCaseException(expected, "expected this number, found number " + head.number());
        }
        Digest before = last == null ? null : last.digest();
        if (!Objects.equals(head.previous(), before)) {
            throw new BrokenCaseException(
                    expected, "expected the digest of the step before, " + before + ", found " + head.previous());
        }
        if (last != null && head.at() < last.at()) {
            throw new BrokenCaseException(
                    expected,
                    "it is dated " + Timestamps.format(head.at()) + ", before the step before it, "
                            + Timestamps.format(last.at()));
        }
        last = step;
    }
}
