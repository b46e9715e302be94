package dev.evidencevault.verify;

import dev.evidencevault.crypto.note.NoteVerifier;
import dev.evidencevault.format.KeyHistory;
import dev.evidencevault.format.Succession;
import java.util.List;
import java.util.Optional;

/**
 * The key that a verifier was given, and the successions of it that are known from elsewhere than what is verified. Immutable.
 *
 * @param key the key: any of the vault's
 * @param successions the vault's successions, from the first on; empty if none are known
 */
record TrustedKey(NoteVerifier key, List<Succession> successions) {
    /** Copies the list. */
    TrustedKey {
        successions = List.copyOf(successions);
    }

    /** Says what a key that was found has to do with the one that was given. */
    String told(NoteVerifier found) {
        return found.equals(key) ? ", which was asked for" : ", which is vouched for with the key that was asked for";
    }

    /**
     * Returns the history of keys by which something is judged that shows a history; empty if the key is none of it, or what
     * is known contradicts what is shown.
     */
    Optional<KeyHistory> history(KeyHistory shown) {
        KeyHistory known = successions.isEmpty()
                ? shown
                : KeyHistory.upTo(successions.get(successions.size() - 1).after(), successions);
        return known.joined(shown).filter(history -> history.knows(key));
    }
}
