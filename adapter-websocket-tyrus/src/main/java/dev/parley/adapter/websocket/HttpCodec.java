package dev.parley.adapter.websocket;

import org.glassfish.grizzly.filterchain.FilterChainContext;
import org.glassfish.grizzly.http.HttpHeader;
import org.glassfish.grizzly.http.HttpServerFilter;
import org.glassfish.grizzly.http.KeepAlive;

/**
 * The server's HTTP parser, without its belief that every upgrade ends HTTP: clients that offer HTTP/2 along with a plain request
 * would get neither their body read nor a framed answer.
 */
final class HttpCodec extends HttpServerFilter {

    @SuppressWarnings("deprecation")
    HttpCodec(int maxHead, KeepAlive keepAlive, int maxHeaders) {
        super(true, maxHead, null, keepAlive, null, maxHeaders, maxHeaders);
    }

    @Override
    protected void onIncomingUpgrade(FilterChainContext ctx, HttpHeader head) {
        if ("websocket".equalsIgnoreCase(head.getUpgrade())) {
            super.onIncomingUpgrade(ctx, head);
        } else {
            head.getUpgradeDC().recycle();
        }
    }
}
