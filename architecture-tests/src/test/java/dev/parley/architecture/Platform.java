package dev.parley.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.Optional;
import java.util.Set;

/** Which part of the Java platform a room may use. */
enum Platform {
    /** {@code java.base}, but nothing that reaches a network or a file; addresses as values are fine. */
    BASE_WITHOUT_INPUT_AND_OUTPUT {
        @Override
        boolean allows(JavaClass type) {
            var name = type.getPackageName();
            var reachesOut = name.equals("java.net") || name.startsWith("java.net.") || name.startsWith("java.nio.file")
                    || name.startsWith("java.nio.channels");
            return inBase(name) && (!reachesOut || VALUES.contains(type.getName()));
        }
    },
    ALL {
        @Override
        boolean allows(JavaClass type) {
            var name = type.getPackageName();
            return name.startsWith("java.") || name.startsWith("javax.") || name.startsWith("com.sun.net.")
                    || name.startsWith("jdk.");
        }
    };

    private static final Set<String> VALUES =
            Set.of("java.net.URI", "java.net.URISyntaxException", "java.net.URLDecoder", "java.net.URLEncoder");

    abstract boolean allows(JavaClass type);

    private static boolean inBase(String packageName) {
        Optional<Module> base = ModuleLayer.boot().findModule("java.base");
        return packageName.startsWith("java.") && base.orElseThrow().getPackages().contains(packageName);
    }
}
