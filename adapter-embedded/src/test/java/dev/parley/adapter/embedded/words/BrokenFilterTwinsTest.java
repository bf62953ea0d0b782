package dev.parley.adapter.embedded.words;

import dev.parley.domain.content.ContentFilter;
import dev.parley.testkit.ContractRun;
import dev.parley.testkit.content.ContentFilterContract;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract of filters catches what breaks a promise. */
final class BrokenFilterTwinsTest {

    private static final String WORD = "bullshit";

    @ParameterizedTest
    @ValueSource(classes = {PieceByPiece.class, Hoarder.class, Blind.class, Forgetful.class})
    void a_broken_twin_fails_its_contract(Class<?> twin) {
        ContractRun.assertCaught(twin);
    }

    private static String masked(String text) {
        return text.replace(WORD, "********");
    }

    /** Does not see what is cut. */
    static final class PieceByPiece extends Twin {
        @Override
        protected ContentFilter filter() {
            return () -> new ContentFilter.Passage() {
                @Override
                public String add(String piece) {
                    return masked(piece);
                }

                @Override
                public String end() {
                    return "";
                }
            };
        }
    }

    /** Lets nothing through before the end. */
    static final class Hoarder extends Twin {
        @Override
        protected ContentFilter filter() {
            return () -> new ContentFilter.Passage() {
                private final StringBuilder all = new StringBuilder();

                @Override
                public String add(String piece) {
                    all.append(piece);
                    return "";
                }

                @Override
                public String end() {
                    return masked(all.toString());
                }
            };
        }
    }

    /** Finds nothing. */
    static final class Blind extends Twin {
        @Override
        protected ContentFilter filter() {
            return ContentFilter.NOTHING;
        }
    }

    /** Loses what it holds back. */
    static final class Forgetful extends Twin {
        @Override
        protected ContentFilter filter() {
            return () -> {
                ContentFilter.Passage good = WordFilter.of(WordList.EN.entries()).begin();
                return new ContentFilter.Passage() {
                    @Override
                    public String add(String piece) {
                        return good.add(piece);
                    }

                    @Override
                    public String end() {
                        return "";
                    }
                };
            };
        }
    }

    abstract static class Twin extends ContentFilterContract {
        @Override
        protected String offensive() {
            return WORD;
        }
    }
}
