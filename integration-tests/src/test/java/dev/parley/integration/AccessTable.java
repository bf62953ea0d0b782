package dev.parley.integration;

import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Who may do what in whose session: the table that all protocols share, as it is promised. */
final class AccessTable {

    /** Who does something. */
    enum Role {
        OWNER("owner", ""),
        MEMBER("member", "helpdesk"),
        STRANGER("stranger", ""),
        SERVICE("service", "service"),
        ADMIN("root", "admin");

        private final String user;
        private final String role;

        Role(String user, String role) {
            this.user = user;
            this.role = role;
        }

        String user() {
            return user;
        }

        String[] roles() {
            return role.isEmpty() ? new String[0] : new String[] {role};
        }

        /** A token that the server of these tests believes. */
        String token() {
            return role.isEmpty() ? user : user + "~" + role;
        }
    }

    /** Where. Members of a ticket are those who may use tickets; nobody owns one. */
    enum Place {
        PRIVATE,
        SHARED,
        GROUP,
        TICKET
    }

    /** What. */
    enum Action {
        ENTER,
        HISTORY,
        SEARCH,
        EXPORT,
        PRESENCE,
        DOWNLOAD,
        SEND,
        UPLOAD,
        REACT,
        SEEN,
        TYPE,
        STOP,
        EDIT_OWN,
        DELETE_OWN,
        EDIT_OTHERS,
        DELETE_OTHERS,
        RENAME,
        SETTINGS,
        VISIBILITY,
        INVITE,
        REMOVE,
        CLOSE,
        PURGE,
        /** Tells a session what another system has to say. */
        NOTIFY;

        /** Whether it leaves something durable in the session when it is allowed. */
        boolean writes() {
            return switch (this) {
                case ENTER, HISTORY, SEARCH, EXPORT, PRESENCE, DOWNLOAD, TYPE, NOTIFY -> false;
                case SEND,
                        UPLOAD,
                        REACT,
                        SEEN,
                        STOP,
                        EDIT_OWN,
                        DELETE_OWN,
                        EDIT_OTHERS,
                        DELETE_OTHERS,
                        RENAME,
                        SETTINGS,
                        VISIBILITY,
                        INVITE,
                        REMOVE,
                        CLOSE,
                        PURGE -> true;
            };
        }
    }

    private static final String CELLS =
            """
            what           owner member stranger service admin
            ENTER          yes   yes    shared   no      yes
            HISTORY        yes   yes    shared   no      yes
            SEARCH         yes   yes    shared   no      yes
            EXPORT         yes   yes    shared   no      yes
            PRESENCE       yes   yes    shared   no      yes
            DOWNLOAD       yes   yes    shared   no      yes
            SEND           yes   yes    no       no      yes
            UPLOAD         yes   yes    no       no      yes
            REACT          yes   yes    no       no      yes
            SEEN           yes   yes    no       no      yes
            TYPE           yes   yes    no       no      yes
            STOP           yes   yes    no       no      yes
            EDIT_OWN       yes   yes    -        -       -
            DELETE_OWN     yes   yes    -        -       -
            EDIT_OTHERS    no    no     no       no      no
            DELETE_OTHERS  yes   no     no       no      yes
            RENAME         yes   no     no       no      yes
            SETTINGS       yes   no     no       no      yes
            VISIBILITY     yes   no     no       no      yes
            INVITE         yes   no     no       no      yes
            REMOVE         yes   no     no       no      yes
            CLOSE          yes   no     no       no      yes
            PURGE          yes   no     no       no      yes
            NOTIFY         no    no     no       yes     yes
            """;

    private final Map<Action, Map<Role, String>> cells = new EnumMap<>(Action.class);

    AccessTable() {
        List<List<String>> lines =
                CELLS.lines().map(line -> List.of(line.split(" +", -1))).toList();
        List<String> head = lines.getFirst();
        for (List<String> line : lines.subList(1, lines.size())) {
            Map<Role, String> row = new EnumMap<>(Role.class);
            for (int i = 1; i < head.size(); i++) {
                row.put(Role.valueOf(head.get(i).toUpperCase(Locale.ROOT)), line.get(i));
            }
            cells.put(Action.valueOf(line.getFirst()), row);
        }
    }

    /**
     * Whether it is allowed; empty where there is no such thing.
     *
     * @param entered whether the client had to come in before it could do it, which makes a stranger in a shared session a member
     */
    Optional<Boolean> allowed(Place place, Role role, Action action, boolean entered) {
        if (place == Place.TICKET && (role == Role.OWNER || action == Action.REMOVE)) {
            return Optional.empty();
        }
        boolean ofOwn = action == Action.EDIT_OWN || action == Action.DELETE_OWN;
        boolean joined = entered && !ofOwn && place == Place.SHARED && role == Role.STRANGER && action != Action.ENTER;
        String cell = cells.getOrDefault(action, Map.of()).getOrDefault(joined ? Role.MEMBER : role, "-");
        return switch (cell) {
            case "yes" -> Optional.of(true);
            case "no" -> Optional.of(false);
            case "shared" -> Optional.of(place == Place.SHARED);
            case "-" -> Optional.empty();
            default -> throw new IllegalArgumentException("Expected yes, no, shared or -, found " + cell);
        };
    }
}
