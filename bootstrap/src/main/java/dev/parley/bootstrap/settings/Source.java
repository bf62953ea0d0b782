package dev.parley.bootstrap.settings;

/** Where a value comes from. */
public sealed interface Source {

    /** A flag of the command line. */
    record CommandLine(String flag) implements Source {
        @Override
        public String toString() {
            return "command line " + flag;
        }
    }

    /** A call of the builder by whoever embeds the server. */
    record Builder() implements Source {
        @Override
        public String toString() {
            return "builder";
        }
    }

    record Environment() implements Source {
        @Override
        public String toString() {
            return "environment";
        }
    }

    /** @param line from 1; 0 where nobody knows */
    record File(String path, int line) implements Source {
        @Override
        public String toString() {
            return line > 0 ? path + ":" + line : path;
        }
    }

    record Standard() implements Source {
        @Override
        public String toString() {
            return "default";
        }
    }
}
