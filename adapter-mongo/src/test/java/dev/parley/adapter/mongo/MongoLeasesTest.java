package dev.parley.adapter.mongo;

import dev.parley.domain.live.Leases;
import dev.parley.testkit.live.LeasesContract;
import dev.parley.testkit.live.LiveFixture;
import dev.parley.testkit.time.ManualTime;
import java.time.Duration;

final class MongoLeasesTest extends LeasesContract {
    @Override
    protected LiveFixture<Leases> fixture() {
        ManualTime time = new ManualTime();
        MongoFixture database = new MongoFixture();
        Leases one = database.connect().leases(time);
        Leases other = database.connect().leases(time);
        return new LiveFixture<>() {
            @Override
            public Leases port() {
                return one;
            }

            @Override
            public Leases peer() {
                return other;
            }

            @Override
            public void advance(Duration step) {
                time.advance(step);
            }

            @Override
            public void close() {
                database.close();
            }
        };
    }
}
