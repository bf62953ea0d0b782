package dev.parley.protocols.socketio;

import dev.parley.protocols.Closing;
import dev.parley.protocols.Frame;
import dev.parley.protocols.Handshake;
import dev.parley.protocols.Outgoing;
import dev.parley.protocols.Step;
import dev.parley.protocols.json.JsonObject;
import dev.parley.protocols.json.JsonValue;
import dev.parley.protocols.json.JsonWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * What a {@link NamespaceSession} says to its client. Everything is a list of steps, to be returned in the order in which it is to
 * be said; what is made and not returned is not said. Used by one thread at a time.
 */
public final class NamespaceSocket {

    /** How a client is known when it is let in: its id, and the secret with which it goes on later, where it may. */
    public record Identity(String sid, Optional<String> pid) {

        /** Says nothing of the secret. */
        @Override
        public String toString() {
            return "Identity[" + sid + "]";
        }
    }

    /** What stock clients of Python put behind their requests so that nothing caches them, and others do not. */
    private static final Pattern SINCE_THE_EPOCH = Pattern.compile("\\d{9,11}\\.\\d{1,9}");

    private final SocketIoSession session;
    private final String namespace;
    private final Optional<String> broughtPid;
    private final Optional<String> broughtOffset;
    private final boolean refusesOffsets;
    private final Map<Long, Function<Optional<Payload>, List<Step>>> awaited = new LinkedHashMap<>();
    private Optional<Identity> identity = Optional.empty();
    private Optional<Trail> trail = Optional.empty();
    private Optional<NamespaceSession> earlier = Optional.empty();
    private long acks;
    private boolean over;

    NamespaceSocket(SocketIoSession session, String namespace, JsonObject auth) {
        this.session = session;
        this.namespace = namespace;
        this.broughtPid = text(auth, "pid");
        this.broughtOffset = text(auth, "offset");
        this.refusesOffsets = auth.get("recovery").filter(new JsonValue.Truth(false)::equals).isPresent();
    }

    private static Optional<String> text(JsonObject object, String name) {
        return object.get(name)
                .flatMap(value -> value instanceof JsonValue.Text text ? Optional.of(text.value()) : Optional.empty());
    }

    public String namespace() {
        return namespace;
    }

    /** As the connection began; {@link Step.Identify} leads to one that knows the user. */
    public Handshake handshake() {
        return session.handshake();
    }

    /** Whether the client is in. */
    public boolean connected() {
        return identity.isPresent();
    }

    /** The client's id in this namespace, once it is in; others may know it. */
    public Optional<String> sid() {
        return identity.map(Identity::sid);
    }

    /** The secret with which the client says that it was here before. */
    public Optional<String> pid() {
        return broughtPid;
    }

    /** What the client says it was told last, before it was cut off. */
    public Optional<String> offset() {
        return broughtOffset;
    }

    /**
     * Whether events may have an offset behind their arguments: not for clients that say {@code recovery: false}, and not for stock
     * clients of Python, whose handlers take no argument more than they expect and which could do nothing with it.
     */
    public boolean takesOffsets() {
        return !refusesOffsets
                && handshake().parameter("t").filter(SINCE_THE_EPOCH.asMatchPredicate()).isEmpty();
    }

    /**
     * The client's session before it was cut off, if it goes on where it was: what it missed was said with {@link #accept}. That
     * session is told nothing any more, and may be read.
     */
    public Optional<NamespaceSession> earlier() {
        return earlier;
    }

    /** Lets the client in; whoever has its secret may go on as it. */
    public List<Step> accept() {
        return accept("");
    }

    /**
     * Lets the client in. Where settings say so, one that was cut off goes on: it keeps its id, and is told first what it missed.
     *
     * @param owner whose it is, so that nobody else goes on as it: a user's id
     */
    public List<Step> accept(String owner) {
        if (over) {
            return List.of();
        }
        Optional<Trail> before = session.goOn(this, broughtPid, owner, broughtOffset);
        List<Step> steps = new ArrayList<>();
        if (before.isPresent()) {
            Trail same = before.get();
            trail = before;
            earlier = session.earlier();
            steps.addAll(enter(new Identity(same.sid, Optional.of(same.pid))));
            say(same.missed(broughtOffset).orElse(List.of()), steps);
            return steps;
        }
        trail = takesOffsets() ? session.begin(this, owner) : Optional.empty();
        return enter(new Identity(trail.map(begun -> begun.sid).orElseGet(session::secret), trail.map(begun -> begun.pid)));
    }

    /**
     * Lets the client in under an identity that the application made or knows again, for applications that can tell by themselves
     * what a client missed; they append offsets of their own by {@link #send}.
     */
    public List<Step> accept(Identity chosen) {
        return enter(chosen);
    }

    private List<Step> enter(Identity chosen) {
        if (over) {
            return List.of();
        }
        identity = Optional.of(chosen);
        session.entered(this);
        return List.of(kept(SocketEncoder.connected(namespace, chosen.sid(), chosen.pid())));
    }

    /**
     * Does not let the client in.
     *
     * @param data more than the message, for programs: the client finds it in its error's {@code data}
     */
    public List<Step> refuse(String message, Optional<JsonValue> data) {
        if (over) {
            return List.of();
        }
        List<Step> steps = new ArrayList<>();
        steps.add(kept(SocketEncoder.refused(namespace, message, data)));
        steps.addAll(session.refused(this));
        return steps;
    }

    /** Tells the client something. */
    public List<Step> emit(String event, Payload arguments) {
        Optional<String> offset = trail.map(Trail::count);
        List<Frame> packet =
                SocketEncoder.event(namespace, OptionalLong.empty(), event, arguments, offset);
        offset.ifPresent(next -> trail.orElseThrow().add(next, packet));
        return kept(packet);
    }

    /**
     * Tells the client something that is the same for many, made by {@link SocketEncoder#event(String, String, Optional,
     * java.util.function.Consumer)}.
     *
     * @param offset as in the packet
     */
    public List<Step> send(Frame packet, Optional<String> offset) {
        offset.ifPresent(next -> trail.ifPresent(kept -> kept.add(next, List.of(packet))));
        return List.of(kept(packet));
    }

    /** Tells the client something that a later one of the same key makes void, and that is lost when the client is cut off. */
    public List<Step> hint(String key, String event, Payload arguments) {
        if (!arguments.binaries().isEmpty()) {
            throw new IllegalArgumentException("Expected no bytes in what may be replaced");
        }
        Frame packet = SocketEncoder.event(
                namespace, OptionalLong.empty(), event, arguments, trail.map(Trail::newest))
                .getFirst();
        return List.of(new Step.Send(new Outgoing.Replaceable(namespace + " " + key, packet)));
    }

    /**
     * Tells the client something and goes on with its answer.
     *
     * @param then given the answer, or nothing once it is awaited no longer: because too many are, or the client is in no longer
     */
    public List<Step> ask(String event, Payload arguments, Function<Optional<Payload>, List<Step>> then) {
        long id = acks++;
        awaited.put(id, then);
        List<Step> steps = new ArrayList<>(
                kept(SocketEncoder.event(namespace, OptionalLong.of(id), event, arguments, Optional.empty())));
        if (awaited.size() > session.limits().acks()) {
            Long oldest = awaited.keySet().iterator().next();
            answered(oldest).ifPresent(given -> steps.addAll(given.apply(Optional.empty())));
        }
        return steps;
    }

    /** Puts the client out of this namespace; it does not come back by itself. */
    public List<Step> leave() {
        if (over) {
            return List.of();
        }
        List<Step> steps = new ArrayList<>();
        steps.add(kept(SocketEncoder.disconnected(namespace)));
        steps.addAll(session.left(this));
        return steps;
    }

    /** Closes the client's whole connection. */
    public List<Step> close() {
        return List.of(new Step.Close(Closing.because(Closing.Reason.ASKED)));
    }

    List<Step> answer(long id, Payload answer) {
        return connected() ? kept(SocketEncoder.ack(namespace, id, answer)) : List.of();
    }

    List<Step> answer(long id, Consumer<JsonWriter> arguments) {
        return connected() ? List.of(kept(SocketEncoder.ack(namespace, id, arguments))) : List.of();
    }

    /** Who waits for an answer, if somebody does. */
    Optional<Function<Optional<Payload>, List<Step>>> answered(long id) {
        return Optional.ofNullable(awaited.remove(id));
    }

    Optional<Trail> trail() {
        return trail;
    }

    /** Nothing is said or awaited any more. */
    void over() {
        over = true;
        identity = Optional.empty();
        trail = Optional.empty();
        awaited.clear();
    }

    private static Step kept(Frame frame) {
        return new Step.Send(new Outgoing.Kept(frame));
    }

    private static List<Step> kept(List<Frame> packet) {
        List<Step> steps = new ArrayList<>(packet.size());
        say(packet, steps);
        return steps;
    }

    private static void say(List<Frame> packet, List<Step> steps) {
        packet.forEach(frame -> steps.add(kept(frame)));
    }
}
