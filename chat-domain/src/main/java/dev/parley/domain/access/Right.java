package dev.parley.domain.access;

/** What somebody may want to do in a session or to the server: the rows of the access table. */
public enum Right {
    /** Receive, read history, search, export, download, see presence. */
    ENTER,
    /** Send, react, mark seen, type, stop a reply, upload. */
    SEND,
    /** Edit or delete a message of one's own. */
    CHANGE_OWN,
    /** Delete a message that somebody else wrote. */
    DELETE_OTHERS,
    /** Rename, set, change visibility, invite, remove, close, purge. */
    MANAGE,
    /** Publish updates, anomalies and notifications. */
    PUBLISH,
    /** Statistics, announcements, revocations. */
    ADMINISTER
}
