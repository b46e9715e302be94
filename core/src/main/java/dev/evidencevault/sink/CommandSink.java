package dev.evidencevault.sink;

import dev.evidencevault.crypto.note.SignedNote;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A command that gets each checkpoint, a signed note, on its standard input: to mail it, to put it into an object store
 * with a lock, to print it. It has kept it if it ends with 0. What it prints is not read.
 */
public final class CommandSink implements CheckpointSink {
    private final List<String> command;
    private final Duration timeout;

    /**
     * Creates a sink.
     *
     * @param command the program and its arguments; no shell reads them
     * @param timeout after which it is killed, at least a second
     */
    public CommandSink(List<String> command, Duration timeout) {
        if (command.isEmpty() || timeout.toMillis() < 1000) {
            throw new IllegalArgumentException(
                    "expected a command and a timeout of at least a second, found " + command + " and " + timeout);
        }
        this.command = List.copyOf(command);
        this.timeout = timeout;
    }

    @Override
    public String name() {
        return "command " + command.get(0);
    }

    @Override
    public void deliver(SignedNote checkpoint) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            IOException unread = null;
            try (OutputStream input = process.getOutputStream()) {
                // A note of this size fits into a pipe, so that writing it does not wait for the command.
                input.write(checkpoint.format());
            } catch (IOException e) {
                // It has ended already: its exit code says more.
                unread = e;
            }
            if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException("it did not end within " + timeout.toSeconds() + " s");
            }
            if (process.exitValue() != 0) {
                throw new IOException("it ended with " + process.exitValue());
            }
            if (unread != null) {
                throw new IOException("it ended without reading the checkpoint", unread);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while a command ran");
        } finally {
            process.destroyForcibly();
        }
    }
}
