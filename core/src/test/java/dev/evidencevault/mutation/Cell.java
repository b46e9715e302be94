package dev.evidencevault.mutation;

import dev.evidencevault.verify.Claim;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What is done to a vault, by whom, and what finds it.
 *
 * @param level what is changed
 * @param mutation how
 * @param attacker by whom
 * @param attack does it
 * @param finder who finds it
 * @param claim the claim that fails
 * @param where the place that the finding names; {@code acme} at its beginning is that tenant's directory
 * @param reason a part of what it says
 */
record Cell(
        Level level,
        Mutation mutation,
        Attacker attacker,
        Attack attack,
        Finder finder,
        Claim claim,
        String where,
        String reason) {

    enum Level {
        RECORD,
        BLOCK,
        SEGMENT,
        SEAL,
        ANCHOR
    }

    enum Mutation {
        FLIP,
        DELETE,
        INSERT,
        SWAP,
        REORDER,
        TRUNCATE,
        REPLAY,
        TRANSPLANT,
        DOWNGRADE,
        REKEY,
        INDEX_LIE,
        FORK,
        RESTORE
    }

    /** What an attacker has besides the right to write every file. */
    enum Attacker {
        /** Nothing. */
        DISK,
        /** The keys of all logs: everything that no signature covers is made whole again. */
        KEYS,
        /** The node's signing keys as well: anchors are signed anew. */
        SIGNER
    }

    enum Finder {
        /** Whoever verifies, without a key. */
        AUDITOR,
        /** Whoever verifies with the passphrase; the others see nothing. */
        OWNER,
        /** Whoever kept a checkpoint; the vault by itself is in order. */
        KEEPER
    }

    interface Attack {
        void run(MutatedVault vault) throws Exception;
    }

    /** What a cell of the table in the threat model says of it. */
    String label() {
        return attacker.name().toLowerCase(Locale.ROOT) + " " + finder.name().toLowerCase(Locale.ROOT) + " "
                + claim.label();
    }

    @Override
    public String toString() {
        return (level + " " + mutation + " by " + attacker).toLowerCase(Locale.ROOT);
    }

    /** A cell that is not there. */
    record Absent(Level level, Mutation mutation, @Nullable String reason) {}
}
