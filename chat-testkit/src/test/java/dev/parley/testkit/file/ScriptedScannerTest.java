package dev.parley.testkit.file;

import dev.parley.domain.attachment.VirusScanner;

class ScriptedScannerTest extends VirusScannerContract {
    @Override
    protected VirusScanner scanner() {
        return new ScriptedScanner();
    }

    @Override
    protected VirusScanner away() {
        return new ScriptedScanner().away(true);
    }
}
