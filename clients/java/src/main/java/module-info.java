/** A client of Parley servers. */
module dev.parley.client {
    requires static org.jspecify;
    requires transitive java.net.http;

    exports dev.parley.client;
}
