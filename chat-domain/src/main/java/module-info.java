/** The nouns, rules and ports of Parley. */
module dev.parley.domain {
    requires static transitive org.jspecify;

    exports dev.parley.domain;
    exports dev.parley.domain.access;
    exports dev.parley.domain.attachment;
    exports dev.parley.domain.change;
    exports dev.parley.domain.content;
    exports dev.parley.domain.error;
    exports dev.parley.domain.limit;
    exports dev.parley.domain.live;
    exports dev.parley.domain.llm;
    exports dev.parley.domain.message;
    exports dev.parley.domain.project;
    exports dev.parley.domain.reply;
    exports dev.parley.domain.session;
    exports dev.parley.domain.store;
    exports dev.parley.domain.telemetry;
    exports dev.parley.domain.time;
    exports dev.parley.domain.topic;
}
