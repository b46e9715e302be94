package dev.evidencevault;

/** Threads that do not keep the JVM alive, and waiting for their end. */
final class Daemon {
    private Daemon() {}

    static Thread start(String name, Runnable task) {
        Thread thread = of(name, task);
        thread.start();
        return thread;
    }

    static Thread of(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Waits for a notice, or so many milliseconds if that is not 0. Whoever calls it holds the lock and looks at the state
     * again.
     */
    @SuppressWarnings("WaitNotInLoop")
    static void await(Object lock, long millis) {
        try {
            lock.wait(millis);
        } catch (InterruptedException e) {
            // Nobody interrupts the vault's own threads; whoever did meant another.
            return;
        }
    }

    /** Waits until a thread has ended; an interrupt is kept for later. */
    static void join(Thread thread) {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
