/** What single parts cost, measured by JMH. */
@NullMarked
package dev.parley.benchmarks.micro;

import org.jspecify.annotations.NullMarked;
