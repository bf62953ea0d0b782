package dev.parley.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.parley.application.fixture.HomelessPort;
import dev.parley.domain.Port;
import dev.parley.domain.fixture.ConcretePort;
import dev.parley.domain.fixture.UnprovenPort;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Ports are interfaces of the domain, and each has a contract that its adapters must pass. */
class PortsTest {
    @Test
    void ports_are_interfaces_of_the_domain() {
        var rule = classes().that()
                .areAnnotatedWith(Port.class)
                .should()
                .resideInAPackage(Room.DOMAIN.packages())
                .andShould()
                .beInterfaces();
        Parley.holds(rule, HomelessPort.class, ConcretePort.class);
    }

    @Test
    void every_port_has_a_contract() {
        assertThat(withoutContract(Parley.CLASSES)).isEmpty();
    }

    @Test
    void a_port_without_contract_is_found() {
        assertThat(withoutContract(new ClassFileImporter().importClasses(UnprovenPort.class))).containsExactly("UnprovenPort");
    }

    private static List<String> withoutContract(JavaClasses ports) {
        return ports.stream()
                .filter(type -> type.isAnnotatedWith(Port.class))
                .map(type -> type.getSimpleName())
                .filter(name -> Parley.CLASSES.stream()
                        .noneMatch(type -> isContractOf(name, type.getPackageName(), type.getSimpleName())))
                .sorted()
                .toList();
    }

    private static boolean isContractOf(String port, String packageName, String simpleName) {
        return (packageName + ".").startsWith(Room.TESTKIT.rootPackage() + ".") && simpleName.equals(port + "Contract");
    }
}
