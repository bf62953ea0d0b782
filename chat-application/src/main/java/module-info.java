/** The engine of Parley and its two doors. */
module dev.parley.application {
    requires transitive dev.parley.domain;
    requires static transitive org.jspecify;

    exports dev.parley.application;
    exports dev.parley.application.command;
    exports dev.parley.application.event;
}
