package dev.evidencevault.campaign;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The strace command, which shows the system calls of a process and makes some of them fail. */
final class Strace {
    static final Set<String> SYNCS = Set.of("fdatasync", "fsync", "msync", "sync_file_range");
    static final Set<String> WRITES = Set.of("write", "pwrite64", "writev", "pwritev", "pwritev2", "fallocate");
    static final Set<String> RENAMES = Set.of("rename", "renameat", "renameat2");
    static final Set<String> OTHERS = Set.of("unlink", "unlinkat", "ftruncate", "mkdir", "mkdirat");

    private static final Pattern CALL = Pattern.compile("^(\\d+) +(\\w+)\\((.*)$");
    /** The end of a call that another thread's came between. */
    private static final Pattern RESUMED_INJECTED =
            Pattern.compile("^(\\d+) +<\\.\\.\\. \\w+ resumed>.*\\(INJECTED\\).*$");
    /** The path of a descriptor, or the first one that is an argument. */
    private static final Pattern PATH = Pattern.compile("^\\d+<([^>]*)>|\"([^\"]*)\"");

    private Strace() {}

    /**
     * A system call on a path.
     *
     * @param thread the id of the thread
     * @param name the call's
     * @param path what it is about
     * @param injected whether it was made to fail
     */
    record Call(long thread, String name, String path, boolean injected) {}

    /**
     * Which call is to fail.
     *
     * @param name the system call's
     * @param path the only path that counts; empty for any
     * @param occurrence the how-manieth such call of one thread, from 1
     */
    record Point(String name, String path, int occurrence) {}

    /** Says why strace cannot be used here; empty if it can. */
    static String missing(Path directory) throws InterruptedException {
        Path log = directory.resolve("strace-probe");
        try {
            Command.Result result = Command.run(
                    "strace", "-f", "-o", log.toString(), "-e", "inject=fsync:error=EIO:when=1", "sync", "-d", "/tmp");
            return Files.exists(log) && Files.size(log) > 0 ? "" : "strace does not work here: " + result.output();
        } catch (IOException e) {
            return "there is no strace here: " + e.getMessage();
        }
    }

    /** Returns the command that shows all calls that change or sync files. */
    static List<String> showing(Path log) {
        List<String> command = new ArrayList<>(List.of("strace", "-f", "-y", "-s", "0", "-o", log.toString(), "-e"));
        List<String> calls = new ArrayList<>();
        for (Set<String> each : List.of(SYNCS, WRITES, RENAMES, OTHERS)) {
            calls.addAll(each);
        }
        command.add("trace=" + String.join(",", calls));
        command.add("--seccomp-bpf");
        return command;
    }

    /** Returns the command that does something at one point, for example {@code error=EIO}. */
    static List<String> injecting(Path log, Point point, String what) {
        List<String> command = showing(log);
        if (what.startsWith("signal=")) {
            // With the filter, strace 6.1 sends no signals.
            command.remove("--seccomp-bpf");
        }
        if (!point.path().isEmpty()) {
            command.addAll(List.of("-P", point.path()));
        }
        command.addAll(List.of("-e", "inject=" + point.name() + ":" + what + ":when=" + point.occurrence()));
        return command;
    }

    /** Reads the calls on paths below a directory, in their order. */
    static List<Call> calls(Path log, Path below) throws IOException {
        List<Call> calls = new ArrayList<>();
        for (String line : Files.readAllLines(log)) {
            Matcher resumed = RESUMED_INJECTED.matcher(line);
            if (resumed.matches()) {
                injectLast(calls, Long.parseLong(resumed.group(1)));
            }
            Matcher call = CALL.matcher(line);
            if (call.matches()) {
                Matcher path = PATH.matcher(call.group(3));
                String found = !path.find() ? "" : path.group(1) != null ? path.group(1) : path.group(2);
                if (found.equals(below.toString()) || found.startsWith(below + "/")) {
                    calls.add(
                            new Call(Long.parseLong(call.group(1)), call.group(2), found, line.contains("(INJECTED)")));
                }
            }
        }
        return calls;
    }

    private static void injectLast(List<Call> calls, long thread) {
        for (int i = calls.size() - 1; i >= 0; i--) {
            Call call = calls.get(i);
            if (call.thread() == thread) {
                calls.set(i, new Call(thread, call.name(), call.path(), true));
                return;
            }
        }
    }

    /** Returns a point for every call with one of the names; each names its path. */
    static List<Point> points(List<Call> calls, Set<String> names) {
        List<Point> points = new ArrayList<>();
        Map<String, Integer> counts = new HashMap<>();
        for (Call call : calls) {
            if (names.contains(call.name())) {
                int occurrence = counts.merge(call.thread() + " " + call.name() + " " + call.path(), 1, Integer::sum);
                Point point = new Point(call.name(), call.path(), occurrence);
                if (!points.contains(point)) {
                    points.add(point);
                }
            }
        }
        return points;
    }

    /** Returns a point for the n-th call of each name, for all n that a thread gets to, wherever it is. */
    static List<Point> pointsAnywhere(List<Call> calls, Set<String> names) {
        List<Point> points = new ArrayList<>();
        Map<String, Integer> counts = new HashMap<>();
        for (Call call : calls) {
            if (names.contains(call.name())) {
                int occurrence = counts.merge(call.thread() + " " + call.name(), 1, Integer::sum);
                Point point = new Point(call.name(), "", occurrence);
                if (!points.contains(point)) {
                    points.add(point);
                }
            }
        }
        return points;
    }
}
