package dev.parley.adapter.micrometer;

/** What is measured: under which name, with Micrometer's dots, and what it tells whoever reads it. */
enum Metric {
    CONNECTIONS("parley.connections", "Connections that are open"),
    CONNECTIONS_OPENED("parley.connections.opened", "Connections that were opened"),
    CONNECTIONS_CLOSED("parley.connections.closed", "Connections that have ended, by the code they were closed with"),
    CONNECTIONS_REFUSED("parley.connections.refused", "Sockets that were refused before they were opened, by HTTP status"),
    CONNECTION_OPEN("parley.connection.open", "How long connections that have ended were open"),
    COMMAND("parley.command", "How long the engine took to answer commands"),
    ERRORS("parley.errors", "Commands that were refused and replies that failed, by error code"),
    MESSAGE_STORED("parley.message.stored", "How long it took until a message was stored durably"),
    QUEUE_WAITING("parley.queue.waiting",
            "Replies that wait on this node, for a place at a model or for an earlier reply of their session"),
    QUEUE_RUNNING("parley.queue.running", "Replies that run on this node"),
    FIRST_TOKEN("parley.first.token", "How long it took from the beginning of a run to the first text of the model"),
    REPLIES("parley.replies", "Replies that have ended, by how they ended"),
    REPLY("parley.reply", "How long runs of models took"),
    REPLY_TOKENS("parley.reply.tokens", "Tokens that models wrote, as they counted them"),
    TOKENS_PER_SECOND("parley.tokens.per.second", "Tokens a second of each reply that has ended"),
    LIMIT_DECISIONS("parley.limit.decisions", "What rate limits decided"),
    SENT_BYTES("parley.sent.bytes", "Bytes of frames that were sent"),
    RECEIVED_BYTES("parley.received.bytes", "Bytes of frames that came in"),
    STORE_COMMIT("parley.store.commit", "How long commits of the store took"),
    STORE_COMMIT_STEPS("parley.store.commit.steps", "Steps that shared a commit"),
    DEPENDENCY_UP("parley.dependency.up", "Whether something that the server depends on answers: 1 if so, else 0");

    private final String dotted;
    private final String meaning;

    Metric(String dotted, String meaning) {
        this.dotted = dotted;
        this.meaning = meaning;
    }

    String dotted() {
        return dotted;
    }

    String meaning() {
        return meaning;
    }
}
