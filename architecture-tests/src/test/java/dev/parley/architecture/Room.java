package dev.parley.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.List;
import java.util.stream.Stream;

/** A module, its root package, and what its classes may import: the table of the architecture page as a value. */
enum Room {
    DOMAIN("chat-domain", "dev.parley.domain", Platform.BASE_WITHOUT_INPUT_AND_OUTPUT),
    TESTKIT("chat-testkit", "dev.parley.testkit", Platform.ALL, Own.DOMAIN, "org.junit..", "org.opentest4j..",
            "org.apiguardian..", "org.assertj.."),
    APPLICATION("chat-application", "dev.parley.application", Platform.BASE_WITHOUT_INPUT_AND_OUTPUT, Own.DOMAIN),
    PROTOCOLS("chat-protocols", "dev.parley.protocols", Platform.BASE_WITHOUT_INPUT_AND_OUTPUT, Own.DOMAIN, Own.ENGINE, Own.JSON),
    EMBEDDED("adapter-embedded", "dev.parley.adapter.embedded", Platform.ALL, Own.DOMAIN, "org.sqlite.."),
    REDIS("adapter-redis", "dev.parley.adapter.redis", Platform.ALL, Own.DOMAIN, "redis.clients.jedis..",
            "org.apache.commons.pool2.."),
    MONGO("adapter-mongo", "dev.parley.adapter.mongo", Platform.ALL, Own.DOMAIN, "com.mongodb..", "org.bson.."),
    OLLAMA("adapter-ollama", "dev.parley.adapter.ollama", Platform.ALL, Own.DOMAIN, "com.fasterxml.jackson.."),
    CLAMAV("adapter-clamav", "dev.parley.adapter.clamav", Platform.ALL, Own.DOMAIN),
    TIKA("adapter-tika", "dev.parley.adapter.tika", Platform.ALL, Own.DOMAIN, "org.apache.tika..",
            "org.apache.commons.compress.."),
    JWT("adapter-jwt", "dev.parley.adapter.jwt", Platform.ALL, Own.DOMAIN, "com.nimbusds.."),
    MICROMETER("adapter-micrometer", "dev.parley.adapter.micrometer", Platform.ALL, Own.DOMAIN, "io.micrometer..",
            "io.prometheus.."),
    WEBSOCKET("adapter-websocket-tyrus", "dev.parley.adapter.websocket", Platform.ALL, Own.DOMAIN, Own.ENGINE, Own.PROTOCOLS,
            Own.JSON,
            "jakarta.websocket..", "org.glassfish.tyrus..", "org.glassfish.grizzly.."),
    REST("adapter-rest-jersey", "dev.parley.adapter.rest", Platform.ALL, Own.DOMAIN, Own.ENGINE, Own.PROTOCOLS, Own.JSON,
            "jakarta.ws.rs..", "jakarta.inject..", "jakarta.annotation..", "org.glassfish.jersey..",
            "org.apache.commons.fileupload.."),
    BOOTSTRAP("bootstrap", "dev.parley.bootstrap", Platform.ALL, Own.DOMAIN, Own.ENGINE, Own.PROTOCOLS, "dev.parley.adapter..",
            "com.typesafe.config.."),
    CLIENT("clients/java", "dev.parley.client", Platform.ALL),
    SERVER("server", "dev.parley.server", Platform.ALL, Own.DOMAIN, "dev.parley.bootstrap..", "picocli..", "org.slf4j..",
            "ch.qos.logback..");

    private final String module;
    private final String rootPackage;
    private final Platform platform;
    @SuppressWarnings("ImmutableEnumChecker") // never changed after the constructor
    private final List<String> mayImport;

    Room(String module, String rootPackage, Platform platform, String... mayImport) {
        this.module = module;
        this.rootPackage = rootPackage;
        this.platform = platform;
        var own = Stream.of("org.jspecify.annotations", rootPackage + "..");
        this.mayImport = Stream.concat(own, Stream.of(mayImport).flatMap(packages -> Stream.of(packages.split(" ")))).toList();
    }

    String module() {
        return module;
    }

    String rootPackage() {
        return rootPackage;
    }

    String packages() {
        return rootPackage + "..";
    }

    boolean mayImport(JavaClass imported) {
        var type = imported.getBaseComponentType();
        return type.isPrimitive() || platform.allows(type)
                || mayImport.stream().anyMatch(packages -> holds(packages, type.getPackageName()));
    }

    static String[] packagesOf(Room... rooms) {
        return Stream.of(rooms).map(Room::packages).toArray(String[]::new);
    }

    private static boolean holds(String packages, String name) {
        if (!packages.endsWith(".."))
            return name.equals(packages);
        var root = packages.substring(0, packages.length() - 2);
        return name.equals(root) || name.startsWith(root + ".");
    }

    private static final class Own {
        static final String DOMAIN = "dev.parley.domain..";
        /** The engine's door only: what lies behind it belongs to the engine. */
        static final String ENGINE = "dev.parley.application dev.parley.application.command dev.parley.application.event";
        static final String PROTOCOLS = "dev.parley.protocols..";
        static final String JSON = "com.fasterxml.jackson.core..";
    }
}
