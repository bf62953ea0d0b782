package dev.parley.adapter.embedded.words;

import dev.parley.domain.content.ContentFilter;
import dev.parley.testkit.content.ContentFilterContract;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;

class WordFilterContractTest {

    private static ContentFilter both() {
        List<String> entries = new ArrayList<>(WordList.EN.entries());
        entries.addAll(WordList.PT.entries());
        return WordFilter.of(entries);
    }

    @Nested
    class OneWord extends ContentFilterContract {
        @Override
        protected ContentFilter filter() {
            return both();
        }

        @Override
        protected String offensive() {
            return "bullshit";
        }
    }

    @Nested
    class StretchedAndDisguised extends ContentFilterContract {
        @Override
        protected ContentFilter filter() {
            return both();
        }

        @Override
        protected String offensive() {
            return "bu11$H1\u0301\u200Biiit";
        }
    }

    @Nested
    class APhrase extends ContentFilterContract {
        @Override
        protected ContentFilter filter() {
            return both();
        }

        @Override
        protected String offensive() {
            return "tomar no  cú";
        }
    }

    @Nested
    class BeyondTheBasicPlane extends ContentFilterContract {
        @Override
        protected ContentFilter filter() {
            return both();
        }

        @Override
        protected String offensive() {
            return "𝐬𝐡𝐢𝐭";
        }
    }
}
