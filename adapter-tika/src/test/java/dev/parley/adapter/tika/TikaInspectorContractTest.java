package dev.parley.adapter.tika;

import dev.parley.domain.attachment.FileInspector;
import dev.parley.testkit.file.FileInspectorContract;

/** The contract. */
final class TikaInspectorContractTest extends FileInspectorContract {

    @Override
    protected FileInspector inspector() {
        return new TikaInspector(InspectionLimits.STANDARD);
    }
}
