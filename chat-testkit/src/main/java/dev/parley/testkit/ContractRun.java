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
 * @param failed names of the tests that failed
 * @param skipped names of the tests that did not apply
 */
public record ContractRun(List<String> passed, List<String> failed, List<String> skipped) {

    public ContractRun {
        passed = List.copyOf(passed);
        failed = List.copyOf(failed);
        skipped = List.copyOf(skipped);
    }

    /** Runs {@code testClass} with everything nested in it. */
    public static ContractRun of(Class<?> testClass) {
        LauncherDiscoveryRequest request =
                LauncherDiscoveryRequestBuilder.request().selectors(selectClass(testClass)).build();
        Recorder recorder = new Recorder();
        LauncherFactory.create().execute(request, recorder);
        return new ContractRun(recorder.passed, recorder.failed, recorder.skipped);
    }

    private static final class Recorder implements TestExecutionListener {

        private final List<String> passed = new ArrayList<>();
        private final List<String> failed = new ArrayList<>();
        private final List<String> skipped = new ArrayList<>();

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            switch (result.getStatus()) {
                case FAILED -> failed.add(test.getDisplayName());
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
