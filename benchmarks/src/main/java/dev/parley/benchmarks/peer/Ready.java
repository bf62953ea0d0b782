package dev.parley.benchmarks.peer;

/** Tells whoever started this process that it listens. */
final class Ready {

    private Ready() {}

    static void say(int port) {
        System.out.println("READY " + port);
        System.out.flush();
    }
}
