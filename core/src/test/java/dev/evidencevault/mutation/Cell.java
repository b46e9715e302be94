package dev.evidencevault.mutation;

import dev.evidencevault.verify.Claim;
import java.util.Locale;

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
        RESTORE;

        /** Returns the word in the threat model. */
        String label() {
            return switch (this) {
                case REKEY -> "re-key";
                case INDEX_LIE -> "index that lies";
                default -> name().toLowerCase(Locale.ROOT);
            };
        }
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

    /** Returns what the threat model says of it: the attacker's first letter, the claim, and who finds it if not everybody. */
    String label() {
        String found = attacker.name().charAt(0) + " `" + claim.label() + "`";
        return switch (finder) {
            case AUDITOR -> found;
            case OWNER -> found + " with the passphrase";
            case KEEPER -> found + " with a kept checkpoint";
        };
    }

    @Override
    public String toString() {
        return (level + " " + mutation + " by " + attacker).toLowerCase(Locale.ROOT);
    }
}
