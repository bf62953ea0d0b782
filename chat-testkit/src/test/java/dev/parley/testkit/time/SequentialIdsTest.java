package dev.parley.testkit.time;

import dev.parley.domain.IdSource;

final class SequentialIdsTest extends IdSourceContract {

    @Override
    protected IdSource source() {
        return new SequentialIds();
    }
}
