package dev.parley.bootstrap;

/** The network side of a running server. */
interface RunningHost {

    int port();

    /** How many connections are open. */
    int connections();

    boolean accepting();

    void stopAccepting();
}
