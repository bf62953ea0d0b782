package dev.parley.bootstrap.settings;

import dev.parley.adapter.mongo.MongoSettings;
import dev.parley.adapter.redis.RedisSettings;

/** Whether addresses of databases can be used, as their own adapters read them; where an adapter is not there, that is told later. */
final class StorageAddresses {

    private static final System.Logger LOG = System.getLogger(StorageAddresses.class.getName());

    private StorageAddresses() {}

    /** @throws IllegalArgumentException when that is no address of a MongoDB */
    static void mongo(String uri) {
        try {
            Object read = MongoSettings.of(uri);
            LOG.log(System.Logger.Level.TRACE, "{0}", read);
        } catch (NoClassDefFoundError notThere) {
            LOG.log(System.Logger.Level.DEBUG, "No adapter can read the address", notThere);
        }
    }

    /** @throws IllegalArgumentException when that is no address of a Redis */
    static void redis(String url) {
        try {
            Object read = RedisSettings.of(url).place();
            LOG.log(System.Logger.Level.TRACE, "{0}", read);
        } catch (NoClassDefFoundError notThere) {
            LOG.log(System.Logger.Level.DEBUG, "No adapter can read the address", notThere);
        }
    }
}
