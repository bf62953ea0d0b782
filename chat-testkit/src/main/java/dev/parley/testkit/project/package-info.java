/** What project sources keep to. */
@NullMarked
package dev.parley.testkit.project;

import org.jspecify.annotations.NullMarked;
