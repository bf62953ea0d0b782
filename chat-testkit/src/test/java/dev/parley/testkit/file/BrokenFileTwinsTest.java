package dev.parley.testkit.file;

import dev.parley.domain.attachment.FileInspector;
import dev.parley.domain.attachment.FileKinds;
import dev.parley.domain.attachment.VirusScanner;
import dev.parley.testkit.ContractRun;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever looks into files carelessly is caught by the contract. */
class BrokenFileTwinsTest {
    @ParameterizedTest
    @ValueSource(classes = {ByNameAlone.class, NothingIsFit.class, Hopeful.class, Suspicious.class})
    void it_is_caught(Class<?> twin) {
        ContractRun.assertCaught(twin);
    }

    static class ByNameAlone extends FileInspectorContract {
        @Override
        protected FileInspector inspector() {
            return (name, content) -> FileKinds
                    .of(name).<FileInspector
                            .Inspection>map(kind -> new FileInspector.Inspection.Fit(kind.told()))
                    .orElseGet(() -> new FileInspector.Inspection.Unfit("Expected another ending"));
        }
    }

    static class NothingIsFit extends FileInspectorContract {
        @Override
        protected FileInspector inspector() {
            return (name, content) -> new FileInspector.Inspection.Unfit("Expected something else");
        }
    }

    /** Calls clean what nobody looked at. */
    static class Hopeful extends VirusScannerContract {
        @Override
        protected VirusScanner scanner() {
            return new ScriptedScanner();
        }

        @Override
        protected VirusScanner away() {
            return content -> new VirusScanner.Scan.Clean();
        }
    }

    static class Suspicious extends VirusScannerContract {
        @Override
        protected VirusScanner scanner() {
            return content -> new VirusScanner.Scan.Infected("everything");
        }

        @Override
        protected VirusScanner away() {
            return new ScriptedScanner().away(true);
        }
    }
}
