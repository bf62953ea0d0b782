package dev.parley.domain.session;

/**
 * What was seen of the client that opened a session; empty texts where nothing was seen.
 *
 * @param userAgent at most 512 characters
 * @param ipAddress the address as the host saw it
 * @param version the client's own version, at most 64 characters
 */
public record ClientInfo(String userAgent, String ipAddress, String version) {

    public static final ClientInfo UNKNOWN = new ClientInfo("", "", "");

    public ClientInfo {
        userAgent = userAgent.length() > 512 ? userAgent.substring(0, 512) : userAgent;
        version = version.length() > 64 ? version.substring(0, 64) : version;
    }

    /** Where the client is, for those who count by address; empty where no address is known. */
    public String network() {
        return IpAddress.parse(ipAddress).map(IpAddress::network).orElse(ipAddress);
    }
}
