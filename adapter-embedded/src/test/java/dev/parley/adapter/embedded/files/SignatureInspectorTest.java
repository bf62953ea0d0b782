package dev.parley.adapter.embedded.files;

import dev.parley.domain.attachment.FileInspector;
import dev.parley.testkit.file.FileInspectorContract;

class SignatureInspectorTest extends FileInspectorContract {
    @Override
    protected FileInspector inspector() {
        return new SignatureInspector();
    }
}
