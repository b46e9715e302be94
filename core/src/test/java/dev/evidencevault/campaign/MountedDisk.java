package dev.evidencevault.campaign;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file system of its own for one test, which can be full or lose power. Needs root; without it, or without the tools,
 * the test is skipped. Closing it, or the end of the JVM, unmounts it.
 */
final class MountedDisk implements AutoCloseable {
    /**
     * FS_IOC_SHUTDOWN with FS_SHUTDOWN_FLAGS_NOLOGFLUSH: from now on nothing reaches the disk, not even the log. What was
     * acknowledged is looked at right before: afterwards the writer lives on, as it would not after a power loss, and a
     * sync that was under way may return to it as if it had succeeded.
     */
    private static final String POWER_OFF = """
            my ($disk, $progress, $copy) = @ARGV;
            open(my $d, '<', $disk) or die "open: $!";
            my ($flags, $then) = (pack('L', 2), '');
            if (open(my $p, '<:raw', $progress)) { read($p, $then, 1 << 20); }
            ioctl($d, 0x8004587D, $flags) or die "ioctl: $!";
            open(my $c, '>:raw', $copy) or die "open: $!";
            print $c $then;
            close($c) or die "close: $!";
            """;

    private static final String MOUNT = "mount";

    private final Path mountPoint;
    private final String[] mount;
    private final Thread cleanup = new Thread(this::unmountQuietly);
    private boolean mounted;

    private MountedDisk(Path mountPoint, String... mount) {
        this.mountPoint = mountPoint;
        this.mount = mount;
    }

    /** A file system in a file, mounted through a loop device. */
    static MountedDisk loop(Path directory, String type, int mebibytes) throws Exception {
        Path image = directory.resolve(type + ".img");
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength((long) mebibytes << 20);
        }
        needed("mkfs." + type, "-q", type.equals("xfs") ? "-f" : "-F", image.toString());
        needed("perl", "-e", "1");
        Path mountPoint = Files.createDirectory(directory.resolve(type));
        return mounted(
                new MountedDisk(mountPoint, MOUNT, "-t", type, "-o", "loop", image.toString(), mountPoint.toString()));
    }

    /** A file system in memory. */
    static MountedDisk tmpfs(Path directory, int kibibytes) throws Exception {
        Path mountPoint = Files.createTempDirectory(directory, "tmpfs-");
        return mounted(new MountedDisk(
                mountPoint, MOUNT, "-t", "tmpfs", "-o", "size=" + kibibytes + "k", "tmpfs", mountPoint.toString()));
    }

    /** Runs what the test cannot do without, or skips the test. */
    private static void needed(String... command) throws InterruptedException {
        try {
            Command.Result result = Command.run(command);
            if (result.code() != 0) {
                abort("skipped: needs root and loop devices; " + String.join(" ", command) + ": " + result.output());
            }
        } catch (IOException e) {
            abort("skipped: there is no " + command[0] + " here: " + e.getMessage());
        }
    }

    private static MountedDisk mounted(MountedDisk disk) throws InterruptedException {
        needed(disk.mount);
        disk.mounted = true;
        Runtime.getRuntime().addShutdownHook(disk.cleanup);
        return disk;
    }

    Path path() {
        return mountPoint;
    }

    /** Cuts the file system off, as a power loss does; what was not synced is gone. Copies a writer's progress until then. */
    void powerOff(Path progress, Path copy) throws Exception {
        Command.require("perl", "-e", POWER_OFF, mountPoint.toString(), progress.toString(), copy.toString());
    }

    /** Unmounts what was cut off, and mounts it again, which replays its log. */
    void powerOn() throws Exception {
        unmount();
        Command.require(mount);
        mounted = true;
    }

    /** Changes the size of a file system in memory. */
    void resize(int kibibytes) throws Exception {
        Command.require(MOUNT, "-o", "remount,size=" + kibibytes + "k", mountPoint.toString());
    }

    private void unmount() throws Exception {
        Command.require("umount", mountPoint.toString());
        mounted = false;
    }

    private void unmountQuietly() {
        try {
            if (mounted) {
                Command.run("umount", "-l", mountPoint.toString());
                mounted = false;
            }
        } catch (IOException | InterruptedException e) {
            e.printStackTrace();
        }
    }

    @Override
    public void close() throws Exception {
        try {
            if (mounted) {
                unmount();
            }
        } finally {
            unmountQuietly();
            Runtime.getRuntime().removeShutdownHook(cleanup);
        }
    }
}
