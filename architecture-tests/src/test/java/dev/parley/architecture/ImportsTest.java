package dev.parley.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.adapter.clamav.fixture.ClamavTrespasser;
import dev.parley.adapter.embedded.fixture.EmbeddedTrespasser;
import dev.parley.adapter.jwt.fixture.JwtTrespasser;
import dev.parley.adapter.micrometer.fixture.MicrometerTrespasser;
import dev.parley.adapter.mongo.fixture.MongoTrespasser;
import dev.parley.adapter.ollama.fixture.OllamaTrespasser;
import dev.parley.adapter.redis.fixture.RedisTrespasser;
import dev.parley.adapter.rest.fixture.RestTrespasser;
import dev.parley.adapter.tika.fixture.TikaTrespasser;
import dev.parley.adapter.websocket.fixture.WebsocketTrespasser;
import dev.parley.application.fixture.ApplicationTrespasser;
import dev.parley.application.fixture.BootstrapCaller;
import dev.parley.bootstrap.fixture.BootstrapTrespasser;
import dev.parley.client.fixture.ClientTrespasser;
import dev.parley.domain.fixture.DomainTrespasser;
import dev.parley.protocols.fixture.EngineRoomVisitor;
import dev.parley.protocols.fixture.ProtocolsTrespasser;
import dev.parley.server.fixture.ServerTrespasser;
import dev.parley.testkit.fixture.TestkitTrespasser;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who may import whom. */
class ImportsTest {
    @ParameterizedTest
    @EnumSource
    void a_room_imports_only_what_its_row_of_the_table_allows(Room room) {
        var rule = classes().that()
                .resideInAPackage(room.packages())
                .should()
                .onlyDependOnClassesThat(describe("may be imported by " + room.module(), room::mayImport));
        Parley.holds(rule, trespassers(room));
    }

    @Test
    void only_the_server_imports_bootstrap() {
        var rule = noClasses().that()
                .resideOutsideOfPackages(Room.packagesOf(Room.BOOTSTRAP, Room.SERVER))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(Room.BOOTSTRAP.packages());
        Parley.holds(rule, BootstrapCaller.class);
    }

    @Test
    void every_room_holds_classes() {
        var empty = Arrays.stream(Room.values()).filter(room -> classesOf(room).findAny().isEmpty());
        assertThat(empty).isEmpty();
    }

    private static Stream<String> classesOf(Room room) {
        return Parley.CLASSES.stream()
                .filter(type -> !type.getSimpleName().equals("package-info"))
                .filter(type -> (type.getPackageName() + ".").startsWith(room.rootPackage() + "."))
                .map(type -> type.getName());
    }

    private static Class<?>[] trespassers(Room room) {
        return switch (room) {
            case DOMAIN -> of(DomainTrespasser.class);
            case TESTKIT -> of(TestkitTrespasser.class);
            case APPLICATION -> of(ApplicationTrespasser.class, BootstrapCaller.class);
            case PROTOCOLS -> of(ProtocolsTrespasser.class, EngineRoomVisitor.class);
            case EMBEDDED -> of(EmbeddedTrespasser.class);
            case REDIS -> of(RedisTrespasser.class);
            case MONGO -> of(MongoTrespasser.class);
            case OLLAMA -> of(OllamaTrespasser.class);
            case CLAMAV -> of(ClamavTrespasser.class);
            case TIKA -> of(TikaTrespasser.class);
            case JWT -> of(JwtTrespasser.class);
            case MICROMETER -> of(MicrometerTrespasser.class);
            case WEBSOCKET -> of(WebsocketTrespasser.class);
            case REST -> of(RestTrespasser.class);
            case BOOTSTRAP -> of(BootstrapTrespasser.class);
            case CLIENT -> of(ClientTrespasser.class);
            case SERVER -> of(ServerTrespasser.class);
        };
    }

    private static Class<?>[] of(Class<?>... fixtures) {
        return fixtures;
    }
}
