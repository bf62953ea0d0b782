package dev.parley.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.conditions.ArchConditions.be;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import dev.parley.adapter.jwt.fixture.ClockReader;
import dev.parley.adapter.jwt.fixture.ConsoleWriter;
import dev.parley.adapter.jwt.fixture.EnvironmentReader;
import dev.parley.adapter.jwt.fixture.LogBinder;
import dev.parley.application.fixture.CounterOfAll;
import dev.parley.application.fixture.GuestListManager;
import dev.parley.application.fixture.IdInventor;
import dev.parley.application.fixture.MethodCaller;
import dev.parley.application.fixture.StackTracePrinter;
import dev.parley.application.fixture.StopWatch;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What no class does, wherever it is at home. */
class HabitsTest {
    private static final Pattern EMPTY_NAME = Pattern.compile(".*(Impl|Manager|Utils?|Helper)");

    @Test
    void wall_time_is_asked_for_in_bootstrap_only() {
        var rule = noClasses().that()
                .resideOutsideOfPackages(Room.packagesOf(Room.BOOTSTRAP, Room.TESTKIT))
                .should()
                .callMethodWhere(describe("reads the wall clock", call -> readsWallClock(call.getTarget())))
                .orShould()
                .callConstructor(java.util.Date.class);
        Parley.holds(rule, ClockReader.class);
    }

    @Test
    void random_ids_and_running_clocks_stay_outside_the_core() {
        var core = Room.packagesOf(Room.DOMAIN, Room.APPLICATION, Room.PROTOCOLS, Room.SERVER);
        var rule = noClasses().that()
                .resideInAnyPackage(core)
                .should()
                .callMethod(UUID.class, "randomUUID")
                .orShould()
                .callMethod(System.class, "nanoTime");
        Parley.holds(rule, IdInventor.class, StopWatch.class);
    }

    @Test
    void no_static_field_can_change() {
        var rule = fields().that()
                .areStatic()
                .should()
                .beFinal()
                .andShould()
                .notHaveRawType(describe("made to be changed", HabitsTest::isChangeable));
        Parley.holds(rule, CounterOfAll.class, CounterOfAll.Registry.class);
    }

    @Test
    void only_the_server_knows_a_logging_library() {
        var rule = noClasses().that()
                .resideOutsideOfPackage(Room.SERVER.packages())
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.util.logging..", "org.slf4j..", "ch.qos.logback..", "org.apache.logging..",
                        "org.apache.commons.logging..");
        Parley.holds(rule, LogBinder.class);
    }

    @Test
    void only_the_server_writes_to_the_console() {
        var rule = noClasses().that()
                .resideOutsideOfPackage(Room.SERVER.packages())
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethodWhere(target(nameMatching("printStackTrace"))
                        .and(target(owner(describe("throwable", type -> type.isAssignableTo(Throwable.class))))));
        Parley.holds(rule, ConsoleWriter.class, StackTracePrinter.class);
    }

    @Test
    void only_bootstrap_and_the_server_read_the_environment() {
        var rule = noClasses().that()
                .resideOutsideOfPackages(Room.packagesOf(Room.BOOTSTRAP, Room.SERVER, Room.TESTKIT))
                .should()
                .callMethodWhere(target(nameMatching("getenv"))
                        .and(target(owner(describe("System", type -> type.isEquivalentTo(System.class))))));
        Parley.holds(rule, EnvironmentReader.class);
    }

    @Test
    void the_core_uses_no_reflection() {
        var rule = noClasses().that()
                .resideInAnyPackage(Room.packagesOf(Room.DOMAIN, Room.APPLICATION, Room.PROTOCOLS))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.lang.reflect..")
                .orShould()
                .callMethodWhere(describe("looks into a class", call -> looksInto(call.getTarget())));
        Parley.holds(rule, MethodCaller.class);
    }

    @Test
    void names_say_what_a_thing_is() {
        var rule = noClasses()
                .should(be(describe("named after nothing", type -> EMPTY_NAME.matcher(type.getSimpleName()).matches())));
        Parley.holds(rule, GuestListManager.class);
    }

    private static boolean readsWallClock(AccessTarget target) {
        var type = target.getOwner().getName();
        return switch (target.getName()) {
            case "now" -> type.startsWith("java.time.");
            case "currentTimeMillis" -> type.equals("java.lang.System");
            case "system", "systemUTC", "systemDefaultZone" ->
                    type.equals("java.time.Clock") || type.equals("java.time.InstantSource");
            default -> false;
        };
    }

    private static boolean looksInto(AccessTarget target) {
        return target.getOwner().isEquivalentTo(Class.class)
                && target.getName()
                        .matches(
                                "forName|newInstance|get(Declared)?(Method|Field|Constructor|Class)s?|getRecordComponents|getPermittedSubclasses");
    }

    /** Whether values of this very type invite change; a constant list or map has the interface's type. */
    private static boolean isChangeable(JavaClass type) {
        return type.getPackageName().equals("java.util.concurrent.atomic")
                || type.isAssignableTo(java.util.AbstractCollection.class)
                || type.isAssignableTo(java.util.AbstractMap.class)
                || type.isAssignableTo(java.util.concurrent.Executor.class)
                || type.isAssignableTo(java.util.concurrent.locks.Lock.class)
                || type.isAssignableTo(StringBuilder.class)
                || type.isAssignableTo(Thread.class)
                || type.isAssignableTo(ThreadLocal.class);
    }
}
