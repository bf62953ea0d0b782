package dev.parley.application.handle;

import dev.parley.application.Caller;
import dev.parley.application.EngineSettings;
import dev.parley.application.Ports;
import dev.parley.application.Roster;
import dev.parley.application.command.Agents;
import dev.parley.application.command.Command;
import dev.parley.application.command.Models;
import dev.parley.application.command.Nothing;
import dev.parley.application.command.Outcome;
import dev.parley.application.file.FileRelease;
import dev.parley.application.guard.Access;
import dev.parley.application.guard.ContentRules;
import dev.parley.application.guard.Limits;
import dev.parley.application.hub.Hub;
import dev.parley.application.ledger.Ledger;
import dev.parley.application.reply.Replies;
import dev.parley.domain.access.Right;
import dev.parley.domain.live.ConnectionId;
import dev.parley.domain.live.Hint;
import dev.parley.domain.live.Topic;
import dev.parley.domain.llm.Model;
import java.util.List;
import java.util.Optional;

/** Knows the handler of every command. */
public final class Handlers {

    private final Ports ports;
    private final EngineSettings settings;
    private final Roster roster;
    private final Access access;
    private final Limits limits;
    private final Hub hub;
    private final EnterSessionHandler enterSession;
    private final CreateSessionHandler createSession;
    private final UpdateSessionHandler updateSession;
    private final CloseSessionHandler closeSession;
    private final SendMessageHandler sendMessage;
    private final RegenerateHandler regenerate;
    private final StopRepliesHandler stopReplies;
    private final EditMessageHandler editMessage;
    private final DeleteMessageHandler deleteMessage;
    private final MessageMarks marks;
    private final TicketHandler tickets;
    private final UploadHandler uploads;
    private final FinishUploadHandler finishUpload;
    private final AttachmentsHandler attachments;
    private final Queries queries;
    private final ReplyProgress progress;
    private final Administration administration;
    private final Operations operations;
    private final Publishing publishing;

    public Handlers(
            Ports ports,
            EngineSettings settings,
            Roster roster,
            Access access,
            Limits limits,
            Ledger ledger,
            Replies replies,
            Hub hub) {
        this.ports = ports;
        this.settings = settings;
        this.roster = roster;
        this.access = access;
        this.limits = limits;
        this.hub = hub;
        ContentRules content = new ContentRules(settings.maxMessageLength(), settings.content(), ports.filter());
        Asking asking = new Asking(ports, settings, roster, replies);
        MessageSteps steps = new MessageSteps(ports, access, ledger);
        FileRelease release = new FileRelease(ports.files(), ports.clock());
        Attaching attaching = new Attaching(ports);
        this.uploads = new UploadHandler(ports, settings, access, limits, release);
        this.finishUpload = new FinishUploadHandler(ports, access, ledger, uploads, release);
        this.attachments = new AttachmentsHandler(ports, access, ledger, steps, attaching, release);
        this.enterSession = new EnterSessionHandler(ports, settings, access, content, ledger);
        this.createSession = new CreateSessionHandler(ports, settings, access, limits, content, ledger);
        this.updateSession = new UpdateSessionHandler(ports, access, content, ledger);
        this.closeSession = new CloseSessionHandler(ports, access, ledger, replies, hub, release);
        this.sendMessage =
                new SendMessageHandler(ports, access, limits, content, ledger, asking, attaching, hub);
        this.regenerate = new RegenerateHandler(steps, limits, asking);
        this.stopReplies = new StopRepliesHandler(ports, access, replies);
        this.editMessage = new EditMessageHandler(ports, steps, limits, content, asking);
        this.deleteMessage = new DeleteMessageHandler(access, steps, release);
        this.marks = new MessageMarks(steps, content);
        this.tickets = new TicketHandler(ports, access, limits, content, ledger, asking);
        this.queries = new Queries(ports, access);
        this.progress = new ReplyProgress(ports, access, replies);
        this.administration = new Administration(ports, access, replies);
        this.operations = new Operations(ports, access, replies);
        this.publishing = new Publishing(ports, access);
    }

    /** Answers a command; each arm's outcome is of the command's own type. */
    @SuppressWarnings("unchecked")
    public <R> Outcome<R> handle(Caller caller, Optional<ConnectionId> connection, Command<R> command) {
        return (Outcome<R>) answer(new Call(caller, connection), command);
    }

    private Outcome<?> answer(Call call, Command<?> command) {
        return switch (command) {
            case Command.EnterSession c -> enterSession.handle(call, c);
            case Command.CreateSession c -> createSession.create(call, c);
            case Command.ForkSession c -> createSession.fork(call, c);
            case Command.GetSession c -> queries.session(call, c);
            case Command.ListSessions c -> queries.sessions(call, c);
            case Command.UpdateSession c -> updateSession.update(call, c);
            case Command.CloseSession c -> closeSession.close(call, c);
            case Command.PurgeSession c -> closeSession.purge(call, c);
            case Command.AddMember c -> updateSession.add(call, c);
            case Command.RemoveMember c -> updateSession.remove(call, c);
            case Command.ListPresent c -> queries.present(call, c);
            case Command.SendMessage c -> sendMessage.handle(call, c);
            case Command.Regenerate c -> regenerate.handle(call, c);
            case Command.StopReplies c -> stopReplies.handle(call, c);
            case Command.EditMessage c -> editMessage.handle(call, c);
            case Command.DeleteMessage c -> deleteMessage.handle(call, c);
            case Command.React c -> marks.react(call, c);
            case Command.GiveFeedback c -> marks.rate(call, c);
            case Command.MarkReceived c -> marks.received(call, c);
            case Command.SetTyping c -> typing(call, c);
            case Command.GetMessage c -> queries.message(call, c);
            case Command.ListMessages c -> queries.messages(call, c);
            case Command.ListThread c -> queries.thread(call, c);
            case Command.SearchMessages c -> queries.search(call, c);
            case Command.SearchEverywhere c -> queries.searchEverywhere(call, c);
            case Command.ListVersions c -> queries.versions(call, c);
            case Command.GetReply c -> progress.reply(call, c);
            case Command.AskTicket c -> tickets.ask(call, c);
            case Command.GetTicket c -> tickets.state(call, c);
            case Command.Subscribe c -> publishing.subscribe(call, c);
            case Command.Unsubscribe c -> publishing.unsubscribe(call, c);
            case Command.Publish c -> publishing.publish(call, c);
            case Command.SetAudience c -> publishing.setAudience(call, c);
            case Command.BeginUpload c -> uploads.begin(call, c);
            case Command.AddChunk c -> uploads.add(call, c);
            case Command.FinishUpload c -> finishUpload.finish(call, c);
            case Command.AbandonUpload c -> uploads.abandon(call, c);
            case Command.GetAttachment c -> attachments.get(call, c);
            case Command.OpenAttachment c -> attachments.open(call, c);
            case Command.ListAttachments c -> attachments.list(call, c);
            case Command.AttachToMessage c -> attachments.attach(call, c);
            case Command.DeleteAttachment c -> attachments.delete(call, c);
            case Command.GetQuota c -> Outcome.done(limits.messages(call.caller()));
            case Command.ListAgents c -> Outcome.done(
                    new Agents(roster.all(), roster.standard().id()));
            case Command.ListModels c -> models();
            case Command.Charge c -> charge(call, c);
            case Command.ChargeEvent c -> limits.event(call.caller(), c.event());
            case Command.RevokeToken c -> administration.revoke(call, c);
            case Command.RevokeUser c -> administration.revoke(call, c);
            case Command.Announce c -> administration.announce(call, c);
            case Command.GetStatistics c -> administration.statistics(call);
            case Command.GetLoad c -> operations.load(call);
            case Command.ListUnfinished c -> operations.unfinished(call);
            case Command.ListConnections c -> operations.connections(call, c);
            case Command.ListEverySession c -> operations.sessions(call, c);
            case Command.DismissConnection c -> operations.dismiss(call, c);
            case Command.ListAudit c -> operations.audit(call, c);
            case Command.ReadSettings c -> operations.readSettings(call);
        };
    }

    private Outcome<Nothing> typing(Call call, Command.SetTyping command) {
        return access.open(call.caller(), command.session(), Right.SEND).then(session -> {
            boolean news = call.connection()
                    .map(connection -> hub.newsOfTyping(connection, command.session(), command.typing()))
                    .orElse(true);
            if (!news) {
                return Outcome.done(Nothing.NOTHING);
            }
            ports.bus()
                    .publish(
                            new Topic.OfSession(command.session()),
                            new Hint.Typing(
                                    command.session(),
                                    call.user().value(),
                                    call.principal().name(),
                                    false,
                                    command.typing()));
            return Outcome.done(Nothing.NOTHING);
        });
    }

    private Outcome<Models> models() {
        List<Model> there = ports.models().models();
        Optional<String> standard = settings.defaultModel()
                .filter(name -> there.stream().anyMatch(model -> model.name().equals(name)))
                .or(() -> there.stream().findFirst().map(Model::name));
        return Outcome.done(new Models(there, standard));
    }

    private Outcome<Nothing> charge(Call call, Command.Charge command) {
        return switch (command.bucket()) {
            case FRAMES -> call.connection()
                    .map(limits::frame)
                    .orElseGet(() -> limits.request(call.caller()));
            case REQUESTS -> limits.request(call.caller());
        };
    }
}
