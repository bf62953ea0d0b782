package dev.parley.testkit;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.ArrayList;
import java.util.List;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * What came of running one test class inside a test: to prove that a contract catches a broken implementation.
 *
 * @param passed names of the tests that passed
 * @param failures the tests that failed, and why
 * @param skipped names of the tests that did not apply
 */
public record ContractRun(List<String> passed, List<Failure> failures, List<String> skipped) {

    /** A test that failed, or a class whose tests could not be run. */
    public record Failure(String test, Throwable cause) {}

    public ContractRun {
        passed = List.copyOf(passed);
        failures = List.copyOf(failures);
        skipped = List.copyOf(skipped);
    }

    /** Names of the tests that failed. */
    public List<String> failed() {
        return failures.stream().map(Failure::test).toList();
    }

    /** Runs the contract on {@code twin}, which is broken in one way: some of it must catch that, and some of it must not. */
    public static void assertCaught(Class<?> twin) {
        ContractRun run = of(twin);
        if (run.failures.isEmpty() || run.passed.isEmpty()) {
            AssertionError wrong = new AssertionError(
                    "Expected that " + twin.getSimpleName()
                            + " fails some tests and passes others: it is broken, not absent. Failed: "
                            + run.failed() + ", passed: " + run.passed + ", skipped: " + run.skipped);
            run.failures.forEach(failure -> wrong.addSuppressed(failure.cause()));
            throw wrong;
        }
    }

    /** Runs {@code testClass} with everything nested in it. */
    public static ContractRun of(Class<?> testClass) {
        LauncherDiscoveryRequest request =
                LauncherDiscoveryRequestBuilder.request().selectors(selectClass(testClass)).build();
        Recorder recorder = new Recorder();
        LauncherFactory.create().execute(request, recorder);
        return new ContractRun(recorder.passed, recorder.failures, recorder.skipped);
    }

    private static final class Recorder implements TestExecutionListener {

        private final List<String> passed = new ArrayList<>();
        private final List<Failure> failures = new ArrayList<>();
        private final List<String> skipped = new ArrayList<>();

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            switch (result.getStatus()) {
                case FAILED -> failures.add(new Failure(
                        test.getDisplayName(),
                        result.getThrowable().orElseGet(() -> new AssertionError("No cause is known"))));
                case ABORTED -> skipped.add(test.getDisplayName());
                case SUCCESSFUL -> {
                    if (test.isTest()) {
                        passed.add(test.getDisplayName());
                    }
                }
            }
        }

        @Override
        public void executionSkipped(TestIdentifier test, String reason) {
            skipped.add(test.getDisplayName());
        }
    }
}
