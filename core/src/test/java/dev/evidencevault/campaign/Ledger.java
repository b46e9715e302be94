package dev.evidencevault.campaign;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What all process lives of a vault had appended and acknowledged. Takes the same little memory however many events
 * there are: a writer numbers its events, so that two numbers for each thread and tenant say it all.
 */
final class Ledger {
    /** Problems that are told; the others are counted. */
    private static final int PROBLEMS_MAX = 10;

    private final List<Progress> rounds = new ArrayList<>();
    private final Map<Integer, Integer> indexes = new HashMap<>();

    /** Returns the number of the next round. */
    int nextRound() {
        return rounds.size();
    }

    /** Adds a process life that has ended. */
    Progress add(WriterPlan plan) throws IOException {
        return add(plan, plan.progress());
    }

    /** Adds a process life of which counts as acknowledged what a copy of its progress says. */
    Progress add(WriterPlan plan, Path copy) throws IOException {
        Progress last = Progress.read(plan.progress(), plan);
        Progress progress = last.acknowledgedBy(Progress.read(copy, plan));
        Files.deleteIfExists(plan.progress());
        return add(progress);
    }

    Progress add(Progress progress) {
        indexes.put(progress.round(), rounds.size());
        rounds.add(progress);
        return progress;
    }

    /** Returns another ledger that begins with what this one has. */
    Ledger copy() {
        Ledger copy = new Ledger();
        rounds.forEach(copy::add);
        return copy;
    }

    int tenants() {
        return rounds.stream().mapToInt(Progress::tenants).max().orElse(0);
    }

    long acknowledged() {
        return rounds.stream().mapToLong(Progress::acknowledged).sum();
    }

    long acknowledgedOf(int tenant) {
        return rounds.stream().mapToLong(each -> each.acknowledgedOf(tenant)).sum();
    }

    /** The events of one tenant, ticked off in the order in which they are found. For one thread. */
    final class Tally {
        private final int tenant;
        private final List<long[]> next = new ArrayList<>();
        private final List<String> problems = new ArrayList<>();
        private long found;
        private long lost;
        private long wrong;

        Tally(int tenant) {
            this.tenant = tenant;
            rounds.forEach(round -> next.add(new long[round.threads()]));
        }

        long found() {
            return found;
        }

        /** Ticks one off. */
        void find(NumberedEvent event) {
            Integer index = indexes.get(event.round());
            Progress round = index == null ? null : rounds.get(index);
            if (index == null
                    || round == null
                    || event.thread() >= round.threads()
                    || tenant >= round.tenants()
                    || event.number() >= round.appended(event.thread(), tenant)) {
                wrong("never appended: " + event.id());
                return;
            }
            long[] expected = next.get(index);
            if (event.number() < expected[event.thread()]) {
                wrong("twice, or out of order: " + event.id() + ", expected number " + expected[event.thread()]);
                return;
            }
            missing(round, event.thread(), expected[event.thread()], event.number());
            expected[event.thread()] = event.number() + 1;
            found++;
        }

        void wrong(String problem) {
            wrong++;
            tell(problem);
        }

        private void missing(Progress round, int thread, long from, long to) {
            long end = Math.min(to, round.acknowledged(thread, tenant));
            if (from < end) {
                lost += end - from;
                tell("lost: " + new NumberedEvent(round.round(), thread, from).id() + " to number " + (end - 1)
                        + ", acknowledged up to number " + (round.acknowledged(thread, tenant) - 1));
            }
        }

        private void tell(String problem) {
            if (problems.size() < PROBLEMS_MAX) {
                problems.add(WriterPlan.tenant(tenant) + ": " + problem);
            }
        }

        /** Ends the search: what was not found by now is lost. Returns what is wrong. */
        List<String> problems() {
            for (int i = 0; i < rounds.size(); i++) {
                for (int thread = 0;
                        thread < rounds.get(i).threads()
                                && tenant < rounds.get(i).tenants();
                        thread++) {
                    missing(rounds.get(i), thread, next.get(i)[thread], Long.MAX_VALUE);
                }
            }
            if (lost + wrong > problems.size()) {
                problems.add(WriterPlan.tenant(tenant) + ": " + lost + " lost and " + wrong + " wrong in all");
            }
            return problems;
        }

        int eventBytes(NumberedEvent event) {
            Integer index = indexes.get(event.round());
            return index == null ? 0 : rounds.get(index).eventBytes();
        }
    }
}
