package dev.parley.adapter.mongo;

import dev.parley.domain.session.Session;
import java.util.Optional;
import org.bson.Document;

/**
 * A session's document: its state after its newest step.
 *
 * @param life names this session among all that ever had its id; whatever belongs to it bears it
 * @param version counts the steps, also those that took no position
 * @param messages how many messages there are
 * @param forgotten the position of the newest change that is forgotten, 0 if none is
 * @param oldest when the oldest change that is kept happened
 * @param effects what the newest step does elsewhere, as long as nobody is sure that it is done
 */
record Head(
        Session session,
        String life,
        long version,
        long messages,
        long forgotten,
        long oldest,
        Optional<Effects> effects) {

    /** Whether {@code part} of the session was written by a step after this. */
    boolean before(Document part) {
        return Docs.number(part, "rev") > version;
    }

    static Head read(Document doc) {
        return new Head(
                SessionDocs.read(doc),
                Docs.text(doc, "life"),
                Docs.number(doc, "version"),
                Docs.number(doc, "messages"),
                Docs.number(doc, "forgotten"),
                Docs.number(doc, "oldest"),
                Docs.optionalDocument(doc, "effects").map(Effects::read));
    }
}
