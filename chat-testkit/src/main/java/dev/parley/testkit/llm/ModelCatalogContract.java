package dev.parley.testkit.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.domain.error.LlmException;
import dev.parley.domain.llm.Model;
import dev.parley.domain.llm.ModelCatalog;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every {@link ModelCatalog} keeps to. */
public abstract class ModelCatalogContract {

    /** A catalogue of models with just these names, the one to take when nobody says first. */
    protected abstract ModelCatalog offering(List<String> names);

    /** A catalogue whose source cannot be asked. */
    protected abstract ModelCatalog broken();

    @Test
    void models_are_listed_in_order() {
        ModelCatalog catalog = offering(List.of("zebra:latest", "ant:7b", "bee:latest"));
        assertThat(catalog.models()).extracting(Model::name).containsExactly("zebra:latest", "ant:7b", "bee:latest");
        assertThat(catalog.models()).isEqualTo(catalog.models());
    }

    @Test
    void a_name_without_a_tag_means_the_latest() {
        ModelCatalog catalog = offering(List.of("zebra:latest", "ant:7b"));
        assertThat(catalog.find("zebra")).map(Model::name).contains("zebra:latest");
        assertThat(catalog.find("zebra:latest")).map(Model::name).contains("zebra:latest");
        assertThat(catalog.find("ant:7b")).map(Model::name).contains("ant:7b");
        assertThat(catalog.find("ant")).isEmpty();
        assertThat(catalog.find("gpt-4")).isEmpty();
        assertThat(catalog.find("")).isEmpty();
    }

    @Test
    void there_may_be_none() {
        assertThat(offering(List.of()).models()).isEmpty();
    }

    @Test
    void a_list_that_nobody_can_tell_is_a_failure_and_no_empty_list() {
        assertThatThrownBy(() -> broken().models()).isInstanceOf(LlmException.class);
    }
}
