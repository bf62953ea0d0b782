package dev.parley.adapter.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PageLinkerTest {

    private final Map<String, String> files = new LinkedHashMap<>();

    private String linked() {
        return new PageLinker(address -> Optional.ofNullable(files.get(address))).module("/a/js/app.js");
    }

    @Test
    void a_module_comes_with_what_it_imports_each_once_and_before_it_is_needed() {
        files.put("/a/js/app.js",
                "import { one } from './one.js';\nimport { two as second } from '../more/two.js';\none(second);\n");
        files.put("/a/js/one.js", "import { two } from '../more/two.js';\nexport function one(x) { return x + two; }\n");
        files.put("/a/more/two.js", "export const two = 2;\n");
        assertThat(linked()).isEqualTo("""
                const $m0 = (() => {
                const two = 2;
                return { get two() { return two; } };
                })();
                const $m1 = (() => {
                const { two: two } = $m0;
                function one(x) { return x + two; }
                return { get one() { return one; } };
                })();
                const { one: one } = $m1;
                const { two: second } = $m0;
                one(second);
                """);
    }

    @Test
    void libraries_are_fetched_as_they_are_once() {
        files.put("/a/js/app.js", "import Pure from '../vendor/pure.js';\nimport './other.js';\nPure();\n");
        files.put("/a/js/other.js", "import Pure, { some } from '../vendor/pure.js';\nsome(Pure);\n");
        assertThat(linked())
                .startsWith("import * as $l0 from '../vendor/pure.js';\n")
                .containsOnlyOnce("import ")
                .contains("const { default: Pure, some: some } = $l0;")
                .contains("const { default: Pure } = $l0;\n\nPure();");
    }

    @Test
    void what_is_passed_on_is_what_the_other_has() {
        files.put("/a/js/app.js", "import { name } from './index.js';\n");
        files.put("/a/js/index.js", "export { given as name } from './deep.js';\n");
        files.put("/a/js/deep.js", "export class given {}\nexport async function later() {}\n");
        assertThat(linked())
                .contains("get name() { return $m0.given; }")
                .contains("get given() { return given; }, get later() { return later; }");
    }

    @Test
    void circles_and_what_it_cannot_read_are_named() {
        files.put("/a/js/app.js", "import { a } from './a.js';\n");
        files.put("/a/js/a.js", "import { b } from './b.js';\nexport const a = b;\n");
        files.put("/a/js/b.js", "import { a } from './a.js';\nexport const b = a;\n");
        assertThatThrownBy(this::linked).hasMessageContaining("circle").hasMessageContaining("/a/js/a.js");
        files.put("/a/js/a.js", "export let a = 1;\n");
        assertThatThrownBy(this::linked).hasMessageContaining("export let a = 1;").hasMessageContaining("/a/js/a.js");
    }

    @Test
    void a_style_sheet_has_those_it_imports_in_their_place() {
        files.put("/a/css/page.css", "@import \"one.css\";\nbody { color: red }\n");
        files.put("/a/css/one.css", "p { content: \"$1\" }");
        assertThat(new PageLinker(address -> Optional.ofNullable(files.get(address))).styles("/a/css/page.css"))
                .isEqualTo("p { content: \"$1\" }\nbody { color: red }\n");
    }
}
