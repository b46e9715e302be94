package dev.evidencevault.campaign;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** What the campaigns share: their seed and their lengths, which the profile {@code campaign} changes, and directories. */
public final class Campaign {
    public static final long SEED = Long.getLong("evidencevault.seed", 42);

    /** Of so many places one is looked at where looking at all would take long: 1 in the long form. */
    private static final int PLACES = length("places", 5);

    private Campaign() {}

    public static int length(String name, int otherwise) {
        return Integer.getInteger("evidencevault." + name, otherwise);
    }

    /**
     * Says whether a test looks at a place: a byte that it changes, a call that it lets fail. All are looked at in the long form, else one
     * of so many, which ones depends on the seed.
     */
    public static boolean looksAt(int place) {
        return Math.floorMod(place - SEED, PLACES) == 0;
    }

    static Random random(String name) {
        return new Random(SEED ^ name.hashCode());
    }

    public static void say(String what) {
        System.out.println("[campaign] " + what);
    }

    public static void remove(Path directory) throws IOException {
        if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
            for (Path each :
                    walk(directory).stream().sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }

    static void copy(Path from, Path to) throws IOException {
        for (Path each : walk(from)) {
            Files.copy(each, to.resolve(from.relativize(each).toString()), StandardCopyOption.COPY_ATTRIBUTES);
        }
    }

    private static List<Path> walk(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.toList();
        }
    }
}
